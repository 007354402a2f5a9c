import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { openRegularFile } from './open-regular-file.js';

export interface OpenedFile {
  readonly file: FileHandle;
  /** Which file it is, whatever happens to its path. */
  readonly identity: string;
  /** Whether opening created it. */
  readonly isNew: boolean;
}

/** Opens a regular file for appending and reading, or creates it if it is missing. */
export async function openForAppend(path: string): Promise<OpenedFile> {
  const [file, isNew] = await openOrCreate(path);
  return { file, identity: identityOf(await file.stat({ bigint: true })), isNew };
}

/** What distinguishes a file from all others on this machine. */
export function identityOf({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${dev}:${ino}`;
}

const APPEND = constants.O_RDWR | constants.O_APPEND;

async function openOrCreate(path: string): Promise<[file: FileHandle, isNew: boolean]> {
  try {
    return [await openRegularFile(path, APPEND | constants.O_CREAT | constants.O_EXCL), true];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return [await openRegularFile(path, APPEND), false];
  }
}
