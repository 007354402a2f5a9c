import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { PageturnError } from '../core/errors.js';
import { systemErrorOf } from '../core/system-error.js';

/** ERR_CHECKPOINT_IO, with what could not be done and why. */
export function checkpointIoError(action: string, path: string, cause: unknown): PageturnError {
  const { code, reason: why } = systemErrorOf(cause);
  const folder = dirname(path);
  const isFolderMissing = code === 'ENOENT' && !existsSync(folder);
  const reason = isFolderMissing ? `the folder ${folder} does not exist, create it first` : why;
  return new PageturnError(
    'ERR_CHECKPOINT_IO',
    `cannot ${action} the checkpoint ${path}: ${reason}; the position saved before is unchanged`,
    { cause },
  );
}
