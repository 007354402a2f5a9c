import { resolve } from 'node:path';
import type { Destination } from '../../core/destination.js';
import type { Format } from '../../destinations/formats/format.js';
import { file } from '../../node/file-destination.js';
import type { ItemsOptions } from '../arguments/options.js';
import { type Target, targetOf } from '../arguments/target.js';
import { usageError } from '../cli-error.js';
import type { KeptRun } from '../drain/job-settings.js';
import type { Interruption } from '../interruption.js';
import type { RunningCommand } from '../run-command.js';
import type { ByteSink } from './byte-sink.js';
import { openSpecialFile } from './open-special-file.js';
import { redirectedFile } from './redirected-file.js';
import { redirectedPositions } from './redirected-positions.js';
import { standardOutput } from './standard-output.js';
import { streamDestination } from './stream-destination.js';

/** Where a run writes its rows, and what is kept there for the next one. */
export interface Outlet extends KeptRun {
  readonly destination: Destination<unknown>;
  /** The path or name for messages. */
  readonly path: string;
  close(): Promise<void>;
}

type OutletOptions = Pick<ItemsOptions, 'out' | 'resume' | 'region' | 'profile'>;

interface OutletParts {
  readonly format: Format<unknown>;
  readonly command: RunningCommand;
}

/** Opens the `--out` file or standard output. A file is only looked at when the drain opens it. */
export async function openOutlet(options: OutletOptions, { format, command }: OutletParts): Promise<Outlet> {
  const { out, resume } = options;
  const target = targetOf(out);
  if (target.kind === 'file') return fileOutlet(target.path, format);
  if (target.kind === 's3') return objectOutlet(target, format, options);
  const { cli, interruption, report } = command;
  const beforeWrite = report.hide;
  const stream = { kept: undefined, keepsAfterLimit: false, startOver: 'run it again' };
  if (target.kind === 'special file') {
    const sink = await openSpecialFile(target.path, interruption.signal);
    return { ...stream, ...destinationOf(sink, format, interruption), close: sink.close };
  }
  if (typeof resume !== 'string') {
    const sink = standardOutput(cli.stdout, { beforeWrite });
    return { ...stream, ...destinationOf(sink, format, interruption), close: sink.close };
  }
  const redirected = redirectedFile(cli.stdout.fd);
  if (!redirected) {
    throw usageError(
      '--resume FILE needs an output that a later run can continue, and standard output is not a regular file: use --out FILE',
    );
  }
  const sink = standardOutput(cli.stdout, {
    beforeWrite() {
      beforeWrite();
      redirected.assertWhole();
    },
    sync: redirected.sync,
  });
  const positions = redirectedPositions(resume, redirected);
  const destination = streamDestination({ sink, format, interruption, positions });
  return {
    destination,
    path: sink.target,
    kept: resume,
    keepsAfterLimit: true,
    startOver: `delete ${resume}`,
    close: sink.close,
  };
}

function fileOutlet(path: string, format: Format<unknown>): Outlet {
  const full = resolve(path);
  return {
    destination: file(full, { format }),
    path: full,
    kept: `${path}.spool`,
    keepsAfterLimit: false,
    startOver: 'add --restart',
    close: async () => {},
  };
}

async function objectOutlet(
  { path, bucket, key }: Extract<Target, { kind: 's3' }>,
  format: Format<unknown>,
  { region, profile }: Pick<OutletOptions, 'region' | 'profile'>,
): Promise<Outlet> {
  const { openBucketClient } = await import('../connection/open-bucket-client.js');
  const client = await openBucketClient({ region: region?.[0], profile });
  const { s3 } = await import('../../s3/s3.js');
  return {
    destination: s3({ client, bucket, key, format }),
    path,
    kept: `the spool of ${path}`,
    keepsAfterLimit: false,
    startOver: 'add --restart',
    close: async () => client.destroy(),
  };
}

function destinationOf(
  sink: ByteSink,
  format: Format<unknown>,
  interruption: Interruption,
): Pick<Outlet, 'destination' | 'path'> {
  return { destination: streamDestination({ sink, format, interruption }), path: sink.target };
}
