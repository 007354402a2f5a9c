import { CliError, usageError } from '../cli-error.js';
import type { UsersOptions } from '../options.js';
import { type BufferedOutput, bufferedOutput } from './buffered-output.js';
import { type OutputFile, openOutputFile } from './output-file.js';

/** The destination of a command's records. */
export interface Output extends BufferedOutput {
  /** The file given with `--out`. */
  readonly file: OutputFile | undefined;
  /** Flushes and makes the data durable; rejects with the first error. */
  sync(): Promise<void>;
  /** Closes the output without waiting for text that is not flushed yet. */
  close(): Promise<void>;
}

/** Opens the `--out` file or standard output; `beforeWrite` is called before each write to standard output. */
export async function openOutput(
  { out, resume }: Pick<UsersOptions, 'out' | 'resume'>,
  beforeWrite: () => void,
): Promise<Output> {
  if (out === undefined) {
    const output = standardOutput(beforeWrite);
    return { ...output, file: undefined, sync: output.flush, close: async () => {} };
  }
  const file = await openOutputFile(out);
  if (resume !== undefined && !file.isRegular) {
    throw usageError(`${out} is not a regular file, so --resume cannot continue it: name a regular file`);
  }
  if (resume === undefined && file.bytes > 0) {
    throw usageError(`${out} is not empty: move it away, or name another file`);
  }
  return { write: file.write, flush: file.flush, sync: file.sync, close: file.close, file };
}

/** Standard output; `beforeWrite` is called before each write. */
export function standardOutput(beforeWrite: () => void): BufferedOutput {
  return bufferedOutput(
    (chunk) =>
      new Promise((resolve, reject) => {
        beforeWrite();
        process.stdout.write(chunk, (error) => {
          if (!error) resolve();
          else if ((error as NodeJS.ErrnoException).code === 'EPIPE') reject(new OutputClosed());
          else reject(new CliError(`cannot write to standard output: ${error.message}`, 1, error));
        });
      }),
  );
}

/** The reader of a pipe, such as `head`, has closed it. */
class OutputClosed extends CliError {
  constructor() {
    super('', 0);
  }
}
