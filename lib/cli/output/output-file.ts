import { resolve } from 'node:path';
import { PageturnError } from '../../core/errors.js';
import { AppendedFile, type FilePosition, type KnownPosition } from '../../node/files/appended-file.js';
import type { LockOptions } from '../../node/files/lock-attempt.js';
import { fileError } from '../cli-error.js';
import { type BufferedOutput, bufferedOutput } from './buffered-output.js';

/** The `--out` file: appended to, and cut back to the last saved position on resume. */
export interface OutputFile extends BufferedOutput {
  /** The real path. */
  readonly path: string;
  /** Bytes in the file, without text that is not flushed yet. */
  readonly bytes: number;
  readonly position: FilePosition;
  /** Whether opening created the file. */
  readonly isNew: boolean;
  /** Keeps other processes from writing to the file until it is closed. */
  lock(options: LockOptions): Promise<void>;
  /** Updates `bytes`, in case another process wrote to the file since it was opened. Call before the first write. */
  measure(): Promise<void>;
  /** Flushes the text, makes it survive a power failure, and makes sure that the file holds it. */
  sync(): Promise<void>;
  /** Whether the file is unchanged up to an earlier position. */
  holds(position: KnownPosition): Promise<boolean>;
  /** Cuts the file to its first `bytes`. Call before the first write. */
  truncate(bytes: number): Promise<void>;
  /** Deletes the file if opening created it and nothing was written. */
  removeIfNew(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a file for appending and creates it if necessary. Errors are {@link CliError}s that name the file, or those of
 * a file that another program uses or has changed.
 */
export async function openOutputFile(name: string): Promise<OutputFile> {
  const path = resolve(name);
  const attempt = async <R>(verb: string, work: Promise<R>): Promise<R> => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof PageturnError) throw error;
      throw fileError(`cannot ${verb} ${path}`, path, error);
    }
  };
  const file = await attempt('open', AppendedFile.open(path));
  const output = bufferedOutput((chunk) => attempt('write', file.append(chunk)));
  return {
    ...output,
    path: file.path,
    isNew: file.isNew,
    get bytes() {
      return file.bytes;
    },
    get position() {
      return file.position;
    },
    lock: (options) => attempt('lock', file.lock(options)),
    measure: () => attempt('read the size of', file.measure()),
    async sync() {
      await output.flush();
      await attempt('write', file.sync());
    },
    holds: (position) => attempt('read', file.holds(position)),
    truncate: (bytes) => attempt('truncate', file.cutBack({ bytes })),
    removeIfNew: () => attempt('remove', file.removeIfNew()),
    async close() {
      // The write that failed has already reported the error.
      await output.flush().catch(() => {});
      await attempt('close', file.close());
    },
  };
}
