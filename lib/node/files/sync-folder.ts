import { open } from 'node:fs/promises';

/**
 * Makes a name that was created, renamed or removed in a folder survive a power cut. Does nothing where the file
 * system cannot sync a folder: the name is as safe as it can be there.
 */
export async function syncFolder(folder: string): Promise<void> {
  // Windows does not let a program open a folder, and needs no sync for its names.
  if (process.platform === 'win32') return;
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!UNSUPPORTED.has(String((error as NodeJS.ErrnoException).code))) throw error;
  }
}

// fsync(2): EINVAL where the file "does not support synchronization", as CIFS and FUSE say of folders; others answer
// "not supported" or "not permitted". EACCES: a folder in which the process may write but not read.
const UNSUPPORTED = new Set([
  'EINVAL',
  'EPERM',
  'EACCES',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EBADF',
  'EISDIR',
]);
