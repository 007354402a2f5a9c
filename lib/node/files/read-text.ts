import { openRegularFile } from './open-regular-file.js';

/** The text of a regular file in UTF-8; undefined if there is none. Other errors of the file system pass unchanged. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    const file = await openRegularFile(path);
    try {
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
