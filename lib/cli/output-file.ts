import { existsSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { CliError } from './cli-error.js';
import { type BufferedOutput, bufferedOutput } from './output/buffered-output.js';

/** The file of `--out`: appended to, and cut back to where an earlier run is known to have been. */
export interface OutputFile extends BufferedOutput {
  /** As an absolute path. */
  readonly path: string;
  /** Bytes in the file, those not yet flushed left out. */
  readonly bytes: number;
  /** False for devices and pipes, which cannot be gone on with. */
  readonly isRegular: boolean;
  /** There was none before it was opened. */
  readonly isNew: boolean;
  /** Reads `bytes` anew; before the first write, for others may have written since the file was opened. */
  measure(): Promise<void>;
  /** Flushes, and makes what was written last through a power cut. */
  sync(): Promise<void>;
  /** Drops everything behind the first so many bytes; before the first write. */
  truncate(bytes: number): Promise<void>;
  /** Removes the file where it was made by opening it; nothing may have been written. */
  removeIfNew(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a file to append to, made where there is none. Every error is a {@link CliError} that names the file. */
export async function openOutputFile(name: string): Promise<OutputFile> {
  const path = resolve(name);
  const attempt = async <R>(verb: string, work: Promise<R>): Promise<R> => {
    try {
      return await work;
    } catch (error) {
      throw fileError(`cannot ${verb} ${path}`, path, error);
    }
  };
  const { file, isNew } = await attempt('open', openToAppend(path));
  const look = () => attempt('read the size of', file.stat());
  const stats = await look();
  const isRegular = stats.isFile();
  let bytes = stats.size;
  const output = bufferedOutput(async (lot) => {
    await attempt('write', file.appendFile(lot));
    bytes += lot.length;
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
      bytes = (await look()).size;
    },
    async sync() {
      await output.flush();
      if (isRegular) await attempt('write', file.sync());
    },
    async truncate(length) {
      await attempt('cut back', file.truncate(length));
      bytes = length;
    },
    async removeIfNew() {
      if (isNew) await attempt('remove', rm(path, { force: true }));
    },
    async close() {
      // What could not be written was told to whoever wrote it.
      await output.flush().catch(() => {});
      await attempt('close', file.close());
    },
  };
}

async function openToAppend(path: string): Promise<{ file: FileHandle; isNew: boolean }> {
  try {
    return { file: await open(path, 'ax'), isNew: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return { file: await open(path, 'a'), isNew: false };
  }
}

/** A file system's error in one line; `path` is the file it is about. */
export function fileError(what: string, path: string, error: unknown): CliError {
  const { code, message = String(error) } = error as NodeJS.ErrnoException;
  const folder = dirname(path);
  const isNowhere = code === 'ENOENT' && !existsSync(folder);
  // Node's message goes on with the call and its paths.
  const why = isNowhere ? `there is no folder ${folder}, create it first` : message.split(',')[0];
  return new CliError(`${what}: ${why}`, 1, error);
}
