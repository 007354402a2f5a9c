import { fstatSync, fsync, type Stats } from 'node:fs';
import { promisify } from 'node:util';
import { CliError } from '../cli-error.js';

/** The regular file that standard output was redirected to by the shell. */
export interface RedirectedFile {
  /** Makes what was written survive a power failure, and throws if the file does not hold it. */
  sync(): Promise<void>;
}

/**
 * The file behind an open descriptor; undefined unless it is a regular one. Its name is unknown and it may not be
 * readable, so that only its size and whether it still has a name can be looked at.
 */
export function redirectedFile(fd: number): RedirectedFile | undefined {
  const opened = fstatSync(fd);
  if (!opened.isFile()) return undefined;
  let lastSize = opened.size;
  return {
    async sync() {
      await promisify(fsync)(fd);
      const now = fstatSync(fd);
      assertWhole(now, lastSize);
      lastSize = now.size;
    },
  };
}

function assertWhole({ nlink, size }: Stats, lastSize: number): void {
  if (nlink > 0 && size >= lastSize) return;
  const what = nlink === 0 ? 'was removed' : `was cut off: it has ${size} bytes after ${lastSize}`;
  throw new CliError(`the file that standard output was redirected to ${what}; start over with a new file`);
}
