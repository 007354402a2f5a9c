import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { assertNotMounted } from '../files/assert-not-mounted.js';
import { isSpecialFile } from '../files/is-special-file.js';
import { realPathOf } from '../files/real-path-of.js';

/** What is at the path of a file destination. */
export interface TargetFile {
  /** The path behind all symbolic links; of a device or a pipe, the path as it was given. */
  readonly path: string;
  /** Whether it is written directly: a pipe or a device, or an output that another process opened. */
  readonly isSpecial: boolean;
  readonly exists: boolean;
  /** The mode of the existing file. */
  readonly mode: number | undefined;
}

/** Looks at a path; rejects for a folder, and for a file that may not be written or cannot be replaced. */
export async function targetFile(name: string): Promise<TargetFile> {
  const given = resolve(name);
  const stats = await stat(given).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  if (stats?.isDirectory() || /[/\\]$/.test(name))
    throw Object.assign(new Error('it is a folder; name a file'), { code: 'EISDIR' });
  const isSpecial = isSpecialFile(given, stats);
  if (isSpecial) return { path: given, isSpecial, exists: true, mode: undefined };
  const path = await realPathOf(given);
  if (!stats) return { path, isSpecial, exists: false, mode: undefined };
  await access(path, constants.W_OK);
  await assertNotMounted(path);
  return { path, isSpecial, exists: true, mode: stats.mode & 0o7777 };
}

/** The SHA-256 digest of a file in hexadecimal; undefined if it cannot be read. */
export async function sha256OfFile(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch {
    return undefined;
  }
  return hash.digest('hex');
}
