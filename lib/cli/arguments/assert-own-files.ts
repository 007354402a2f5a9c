import { resolve } from 'node:path';
import { usageError } from '../cli-error.js';

/** Throws a usage error if two options name the same file. */
export function assertOwnFiles(files: Readonly<Record<string, string | true | undefined>>): void {
  const flags = new Map<string, string>();
  for (const [flag, path] of Object.entries(files)) {
    if (typeof path !== 'string') continue;
    const other = flags.get(resolve(path));
    if (other !== undefined) throw usageError(`${other} and ${flag} name the same file`);
    flags.set(resolve(path), flag);
  }
}
