import { resolve } from 'node:path';
import type { Format } from '../../destinations/formats/format.js';
import { lockFile } from '../../node/files/lock-file.js';
import { sweepTemporaryFiles } from '../../node/files/temporary-file.js';
import { publishFile } from '../../node/spool/publish-file.js';
import { targetFile } from '../../node/spool/target-file.js';
import { fileError, isFileError } from '../cli-error.js';
import type { Rows } from '../formats/map-rows.js';

/** Where rows that are not resumed are written. */
export interface RowOutput {
  /** Writes all rows; rejects if they are not all there. */
  publish(rows: Rows<unknown>): Promise<void>;
  close(): Promise<void>;
}

/** A file that is replaced as a whole. It is looked at and locked before anything is sent. */
export async function openWholeFile(
  name: string,
  format: Format<unknown>,
  signal: AbortSignal,
): Promise<RowOutput> {
  const path = resolve(name);
  const attempt = async <R>(verb: string, work: () => Promise<R>): Promise<R> => {
    try {
      return await work();
    } catch (error) {
      throw isFileError(error) ? fileError(`cannot ${verb} ${path}`, path, error) : error;
    }
  };
  const target = await attempt('open', () => targetFile(path));
  const lock = await attempt('lock', () =>
    lockFile(target.path, { code: 'ERR_FILE_LOCKED', noun: 'file' }, { onLocked: 'watch', signal }),
  );
  return {
    publish: (rows) =>
      attempt('write', async () => {
        await sweepTemporaryFiles(target.path);
        await publishFile(target.path, format.encode(rows), {
          mode: target.mode,
          overwrite: true,
          signal,
          beforePublishing: () => lock.assertHeld(),
        });
      }),
    close: () => lock.release(),
  };
}
