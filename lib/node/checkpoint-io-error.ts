import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { PageturnError } from '../core/errors.js';

/** ERR_CHECKPOINT_IO, with what could not be done and why. */
export function ioError(action: string, path: string, cause: unknown): PageturnError {
  const { code, message = String(cause) } = Object(cause) as NodeJS.ErrnoException;
  const folder = dirname(path);
  const isFolderMissing = code === 'ENOENT' && !existsSync(folder);
  // Node's message continues with the system call and its paths.
  const reason = isFolderMissing
    ? `the folder ${folder} does not exist, create it first`
    : message.split(',')[0];
  return new PageturnError(
    'ERR_CHECKPOINT_IO',
    `cannot ${action} the checkpoint ${path}: ${reason}; the position saved before is unchanged`,
    { cause },
  );
}
