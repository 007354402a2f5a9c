import { systemErrorOf } from '../../core/system-error.js';
import { UNPRINTABLE } from '../../core/unprintable.js';
import { CliError } from '../cli-error.js';
import type { StandardOutput } from '../cli-process.js';
import { appendWhole, isRegularFile } from './append-whole.js';
import type { ByteSink } from './byte-sink.js';
import { FIRST_BYTES, outputClosed, wasClosedByShell } from './output-closed.js';

interface StandardOutputOptions {
  /** Called before each write. */
  readonly beforeWrite?: () => void;
  readonly sync?: (() => Promise<void>) | undefined;
}

const TARGET = 'standard output';

/** Standard output; it is not closed. */
export function standardOutput(
  stdout: StandardOutput,
  { beforeWrite = () => {}, sync = async () => {} }: StandardOutputOptions = {},
): ByteSink {
  const isFile = isRegularFile(stdout.fd);
  // A file has no reader that could have closed it.
  let isDelivered = isFile;
  const write = async (bytes: Uint8Array) => {
    beforeWrite();
    try {
      if (isFile) return appendWhole(stdout.fd, bytes);
      await new Promise<void>((resolve, reject) => {
        stdout.write(stdout.isTTY ? harmless(bytes) : bytes, (error) => (error ? reject(error) : resolve()));
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EPIPE') throw outputClosed(TARGET, { isDelivered });
      throw new CliError(`cannot write to ${TARGET}: ${systemErrorOf(error).reason}`, 1, error);
    }
  };
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
