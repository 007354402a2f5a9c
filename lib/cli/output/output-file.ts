import { type FileHandle, open, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileError } from '../cli-error.js';
import { type BufferedOutput, bufferedOutput } from './buffered-output.js';

/** The `--out` file: appended to, and truncated to the last saved position on resume. */
export interface OutputFile extends BufferedOutput {
  /** The absolute path. */
  readonly path: string;
  /** Bytes in the file, without text that is not flushed yet. */
  readonly bytes: number;
  /** False for devices and pipes, which cannot be resumed. */
  readonly isRegular: boolean;
  /** Whether opening created the file. */
  readonly isNew: boolean;
  /** Updates `bytes`, in case another process wrote to the file since it was opened. Call before the first write. */
  measure(): Promise<void>;
  /** Flushes the text and makes it survive a power failure. */
  sync(): Promise<void>;
  /** Cuts the file to its first `bytes`. Call before the first write. */
  truncate(bytes: number): Promise<void>;
  /** Deletes the file if opening created it and nothing was written. */
  removeIfNew(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a file for appending and creates it if necessary. Every error is a {@link CliError} that names the file. */
export async function openOutputFile(name: string): Promise<OutputFile> {
  const path = resolve(name);
  const attempt = async <R>(verb: string, work: Promise<R>): Promise<R> => {
    try {
      return await work;
    } catch (error) {
      throw fileError(`cannot ${verb} ${path}`, path, error);
    }
  };
  const { file, isNew } = await attempt('open', openForAppend(path));
  const stat = () => attempt('read the size of', file.stat());
  const stats = await stat();
  const isRegular = stats.isFile();
  let bytes = stats.size;
  const output = bufferedOutput(async (chunk) => {
    await attempt('write', file.appendFile(chunk));
    bytes += chunk.length;
  });
  return {
    ...output,
    path,
    isRegular,
    isNew,
    get bytes() {
      return bytes;
    },
    async measure() {
      bytes = (await stat()).size;
    },
    async sync() {
      await output.flush();
      if (isRegular) await attempt('write', file.sync());
    },
    async truncate(length) {
      await attempt('truncate', file.truncate(length));
      bytes = length;
    },
    async removeIfNew() {
      if (isNew) await attempt('remove', rm(path, { force: true }));
    },
    async close() {
      // The write that failed has already reported the error.
      await output.flush().catch(() => {});
      await attempt('close', file.close());
    },
  };
}

async function openForAppend(path: string): Promise<{ file: FileHandle; isNew: boolean }> {
  try {
    return { file: await open(path, 'ax'), isNew: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return { file: await open(path, 'a'), isNew: false };
  }
}
