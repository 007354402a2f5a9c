import { PageturnError } from '../../core/errors.js';

/** ERR_FILE_CHANGED: `what` another program did to the file. */
export function fileChanged(path: string, what: string): PageturnError {
  return new PageturnError(
    'ERR_FILE_CHANGED',
    `${path} was changed by another program: ${what}; restore it, or start over with a new file`,
  );
}
