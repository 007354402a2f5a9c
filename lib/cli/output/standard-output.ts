import { UNPRINTABLE } from '../../core/unprintable.js';
import { CliError } from '../cli-error.js';
import type { StandardOutput } from '../cli-process.js';
import type { ByteSink } from './byte-sink.js';

interface StandardOutputOptions {
  /** Called before each write. */
  readonly beforeWrite: () => void;
  readonly sync?: (() => Promise<void>) | undefined;
}

/** Standard output; it is not closed. */
export function standardOutput(
  stdout: StandardOutput,
  { beforeWrite, sync = async () => {} }: StandardOutputOptions,
): ByteSink {
  return {
    target: 'standard output',
    write: (bytes) =>
      new Promise((resolve, reject) => {
        beforeWrite();
        stdout.write(stdout.isTTY ? harmless(bytes) : bytes, (error) => {
          if (!error) resolve();
          else if ((error as NodeJS.ErrnoException).code === 'EPIPE') reject(new OutputClosed());
          else reject(new CliError(`cannot write to standard output: ${error.message}`, 1, error));
        });
      }),
    sync,
    close: async () => {},
  };
}

/** The text without what a terminal would obey: CSV has values as they are. */
function harmless(bytes: Uint8Array): string {
  return new TextDecoder()
    .decode(bytes)
    .replace(UNPRINTABLE, (sign) => (/[\n\t]/.test(sign) ? sign : '\ufffd'));
}

/** The reader of a pipe, such as `head`, has closed it. */
class OutputClosed extends CliError {
  constructor() {
    super('', 0);
  }
}
