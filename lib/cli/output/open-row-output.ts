import type { Format } from '../../destinations/formats/format.js';
import type { ConnectionOptions } from '../arguments/options.js';
import { targetOf } from '../arguments/target.js';
import type { RunningCommand } from '../run-command.js';
import { openOutlet } from './open-outlet.js';
import { openSpecialFile } from './open-special-file.js';
import { openWholeFile, type RowOutput } from './open-whole-file.js';
import { openWholeObject } from './open-whole-object.js';
import { standardOutput } from './standard-output.js';
import { streamOutput } from './stream-output.js';

interface RowOutputOptions {
  readonly format: Format<unknown>;
  readonly command: RunningCommand;
}

/** Opens the `--out` file or standard output for rows that a later run does not continue. */
export async function openRowOutput(
  options: Pick<ConnectionOptions, 'out' | 'region' | 'profile'>,
  { format, command }: RowOutputOptions,
): Promise<RowOutput> {
  const { cli, interruption, report, signal } = command;
  const target = targetOf(options.out);
  if (target.kind === 'file') return openWholeFile(target.path, format, signal);
  if (target.kind === 's3') return openWholeObject(await openOutlet(options, { format, command }), signal);
  const sink =
    target.kind === 'special file'
      ? await openSpecialFile(target.path, signal)
      : standardOutput(cli.stdout, { beforeWrite: report.hide });
  return streamOutput(sink, format, interruption);
}
