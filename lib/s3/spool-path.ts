import { lstat } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { PageturnError } from '../core/errors.js';
import { makeFolder } from '../node/files/make-folder.js';
import { sha256Of } from '../node/files/sha256-of.js';

/** The path of the spool of an object: in a folder of this user alone, below that of temporary files. */
export async function spoolPath(endpoint: string, bucket: string, key: string): Promise<string> {
  const { uid, username } = userInfo();
  const folder = join(tmpdir(), `pageturn-${uid < 0 ? username : uid}`);
  await makeFolder(folder, 0o700);
  const stats = await lstat(folder);
  // Others may write into the folder of temporary files, and could have made it first. Windows has no modes.
  const isOurs = uid < 0 || (stats.uid === uid && (stats.mode & 0o077) === 0);
  if (!stats.isDirectory() || !isOurs) {
    throw new PageturnError(
      'ERR_DESTINATION_FAILED',
      `${folder} is not a folder of this user alone (mode 0700); remove it, or pass a path as the option spool`,
    );
  }
  const readable = `${bucket}-${key}`.replace(/[^\w.-]+/g, '-').slice(0, 60);
  const digest = sha256Of(Buffer.from(JSON.stringify([endpoint, bucket, key]))).slice(0, 16);
  return join(folder, `${readable}-${digest}.spool`);
}
