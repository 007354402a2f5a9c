import { usageError } from './cli-error.js';
import type { UsersOptions } from './options.js';
import type { BufferedOutput } from './output/buffered-output.js';
import { type OutputFile, openOutputFile } from './output-file.js';
import { standardOutput } from './standard-output.js';

/** Where the records go. */
export interface Output extends BufferedOutput {
  /** The file behind it, where it is one that was named. */
  readonly file: OutputFile | undefined;
  /** Resolves when everything is where it belongs, for good; rejects with the first error there was. */
  sync(): Promise<void>;
  /** Lets go of it. What was not flushed by now is not waited for. */
  close(): Promise<void>;
}

/** Opens the file of `--out`, or standard output; `beforeLot` is called before anything is written to the latter. */
export async function openOutput(
  { out, resume }: Pick<UsersOptions, 'out' | 'resume'>,
  beforeLot: () => void,
): Promise<Output> {
  if (out === undefined) {
    const output = standardOutput(beforeLot);
    return { ...output, file: undefined, sync: output.flush, close: async () => {} };
  }
  const file = await openOutputFile(out);
  if (resume !== undefined && !file.isRegular)
    throw usageError(`${out} is no file that --resume could go on with`);
  if (resume === undefined && file.bytes > 0) {
    throw usageError(`${out} is not empty: move it away, or name another file`);
  }
  return { write: file.write, flush: file.flush, sync: file.sync, close: file.close, file };
}
