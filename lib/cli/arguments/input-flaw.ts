import { existsSync, statSync } from 'node:fs';
import { kindOf } from '../../node/files/open-regular-file.js';

/**
 * What is wrong with a file that a command is to read: `does not exist`, or what it is instead, such as `is a folder`;
 * undefined if nothing is.
 */
export function inputFlaw(
  path: string,
  { allowsPipes = false }: { readonly allowsPipes?: boolean } = {},
): string | undefined {
  if (!existsSync(path)) return 'does not exist';
  const stats = statSync(path);
  const isReadable = allowsPipes ? !stats.isDirectory() : stats.isFile();
  return isReadable ? undefined : `is ${kindOf(stats)}`;
}
