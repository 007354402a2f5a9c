import { UNPRINTABLE } from '../../core/unprintable.js';
import { CliError } from '../cli-error.js';
import type { StandardOutput } from '../cli-process.js';
import type { ByteSink } from './byte-sink.js';
import { FIRST_BYTES, outputClosed, wasClosedByShell } from './output-closed.js';

interface StandardOutputOptions {
  /** Called before each write. */
  readonly beforeWrite: () => void;
  readonly sync?: (() => Promise<void>) | undefined;
}

const TARGET = 'standard output';

/** Standard output; it is not closed. */
export function standardOutput(
  stdout: StandardOutput,
  { beforeWrite, sync = async () => {} }: StandardOutputOptions,
): ByteSink {
  let isDelivered = false;
  const write = (bytes: Uint8Array) =>
    new Promise<void>((resolve, reject) => {
      beforeWrite();
      stdout.write(stdout.isTTY ? harmless(bytes) : bytes, (error) => {
        if (!error) resolve();
        else if ((error as NodeJS.ErrnoException).code === 'EPIPE')
          reject(outputClosed(TARGET, { isDelivered }));
        else reject(new CliError(`cannot write to ${TARGET}: ${error.message}`, 1, error));
      });
    });
  return {
    target: TARGET,
    async write(bytes) {
      if (isDelivered || bytes.length === 0) return write(bytes);
      if (wasClosedByShell(stdout.fd)) throw outputClosed(TARGET, { isDelivered });
      // A character may not be split on a terminal.
      const first = stdout.isTTY ? bytes.length : FIRST_BYTES;
      await write(bytes.subarray(0, first));
      isDelivered = true;
      if (bytes.length > first) await write(bytes.subarray(first));
    },
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
