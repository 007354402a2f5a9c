import { existsSync } from 'node:fs';
import type { Destination } from '../../core/destination.js';
import { fileError, isFileError } from '../cli-error.js';

/** A destination whose errors of the file system say in one line what could not be done, and with which file. */
export function withFileErrors<T>(inner: Destination<T>, path: string): Destination<T> {
  const attempt = async <R>(what: string, work: Promise<R>): Promise<R> => {
    try {
      return await work;
    } catch (error) {
      if (!isFileError(error)) throw error;
      // What stands in the way may be the spool next to the file.
      const { path: failed } = error as NodeJS.ErrnoException;
      const at = failed !== undefined && existsSync(failed) ? failed : path;
      throw fileError(`cannot ${what} ${at}`, at, error);
    }
  };
  const { startOver } = inner;
  return {
    target: inner.target,
    promises: inner.promises,
    open: (job, options) => attempt('open', inner.open(job, options)),
    write: (rows, position) => attempt('write', inner.write(rows, position)),
    ...(startOver && { startOver: (position) => attempt('write', startOver.call(inner, position)) }),
    finish: (end) => attempt('write', inner.finish(end)),
    close: () => attempt('close', inner.close()),
  };
}
