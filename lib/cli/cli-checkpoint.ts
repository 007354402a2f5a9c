import { Cursor } from '../core/cursor.js';
import { CliError, usageError } from './cli-error.js';
import { formatCount } from './format.js';
import type { OutputFile } from './output/output-file.js';
import type { RedirectedPosition } from './output/redirected-file.js';

/** A checkpoint written by the CLI: the position plus what a resumed run must agree with. */
export type CliCheckpoint = Cursor & {
  /** The filter of the first run. */
  readonly filter?: string;
  /** The `--out` file, and how many of its bytes hold acknowledged records. */
  readonly out?: string;
  readonly outputBytes?: number;
  /** A digest of the end of those bytes, by which another file is recognised. */
  readonly outputTail?: string;
  /** The file that standard output was redirected to. */
  readonly redirected?: RedirectedPosition;
  /** Set once the file holds the whole listing. */
  readonly complete?: true;
};

type RunSettings = Pick<CliCheckpoint, 'query' | 'filter' | 'out'>;

/** Throws a usage error unless the checkpoint was written by a run of the same instance, filter and output. */
export function assertSameRun(checkpoint: CliCheckpoint, run: RunSettings, name: string): void {
  const difference = differenceOf(checkpoint, run);
  if (difference === undefined) return;
  throw usageError(
    `${name} was written by a run ${difference}: rerun with the same options, or delete ${name} to start over`,
  );
}

/** Cuts the output back to the checkpoint's position. Throws if the file is missing, too short or already complete. */
export async function truncateToCheckpoint(
  file: OutputFile,
  { outputBytes = 0, outputTail, complete }: CliCheckpoint,
  name: string,
): Promise<void> {
  if (file.isNew && outputBytes > 0) {
    throw new CliError(
      `${file.path} is missing, but ${name} expects ${outputBytes} bytes in it: restore the file, or delete ${name} to start over`,
    );
  }
  if (file.bytes < outputBytes) {
    throw new CliError(
      `${file.path} has ${file.bytes} bytes, but ${name} expects ${outputBytes}: restore the file, or delete both to start over`,
    );
  }
  if (!(await file.holds({ bytes: outputBytes, tail: outputTail }))) {
    throw new CliError(
      `${file.path} does not hold what ${name} expects in it: restore the file, or move it away and delete ${name} to start over`,
    );
  }
  if (!complete) return file.truncate(outputBytes);
  if (file.bytes > outputBytes) {
    throw new CliError(
      `${file.path} was complete and has been appended to since: move it away to list the users again`,
    );
  }
  throw new CliError(`${file.path} is already complete: move it away to list the users again`, 0);
}

/** Throws if earlier runs have reached `--max-items`: an exhausted `take` would start its next batch. */
export function assertBelowLimit(checkpoint: CliCheckpoint, maxItems: number, name: string): void {
  const taken = Cursor.countOf(checkpoint, 'take');
  if (taken < maxItems) return;
  throw new CliError(
    `${name} already covers ${formatCount(taken, 'user')}, the --max-items limit; raise it to continue`,
    0,
  );
}

/** How the checkpoint's run differs. The checkpoint only knows a digest of the instance id, so it cannot name it. */
function differenceOf(checkpoint: CliCheckpoint, run: RunSettings): string | undefined {
  if (checkpoint.query.input['InstanceId'] !== run.query.input['InstanceId'])
    return 'with another --instance-id';
  for (const option of ['filter', 'out'] as const) {
    const before = checkpoint[option];
    if (before === run[option]) continue;
    return before === undefined ? `without --${option}` : `with --${option} ${before}`;
  }
  return undefined;
}
