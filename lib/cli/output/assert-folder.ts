import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileError } from '../cli-error.js';

/** Throws the error of a file that cannot be written because its folder does not exist; `what` says what that prevents. */
export function assertFolder(name: string, what: string): void {
  const path = resolve(name);
  if (existsSync(dirname(path))) return;
  throw fileError(`${what} ${path}`, path, Object.assign(new Error('no such folder'), { code: 'ENOENT' }));
}
