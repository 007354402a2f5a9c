import { fstatSync, fsync } from 'node:fs';
import { promisify } from 'node:util';
import { CliError } from '../cli-error.js';

/** The position in a redirected file: which file it was, and its size. */
export interface RedirectedPosition {
  readonly file: string;
  readonly bytes: number;
}

/** The regular file that standard output was redirected to by the shell. */
export interface RedirectedFile {
  readonly position: RedirectedPosition;
  /** Makes what was written survive a power failure, and throws if the file does not hold it. */
  sync(): Promise<void>;
  /** Throws if this is the file of an earlier run, and no longer has what that run wrote: `>` instead of `>>`. */
  assertContinues(before: RedirectedPosition): void;
}

/**
 * The file behind an open descriptor; undefined unless it is a regular one. Its name is unknown and it may not be
 * readable, so that only its identity, its size and whether it still has a name can be looked at.
 */
export function redirectedFile(fd: number): RedirectedFile | undefined {
  const look = () => {
    const { dev, ino, size, nlink } = fstatSync(fd);
    return { file: `${dev}:${ino}`, bytes: size, hasName: nlink > 0 };
  };
  if (!fstatSync(fd).isFile()) return undefined;
  let { file, bytes } = look();
  return {
    get position() {
      return { file, bytes };
    },
    async sync() {
      await promisify(fsync)(fd);
      const now = look();
      if (!now.hasName) throw changed('was removed');
      if (now.bytes < bytes) throw changed(`was cut off: it has ${now.bytes} bytes after ${bytes}`);
      ({ file, bytes } = now);
    },
    assertContinues(before) {
      if (before.file !== file || bytes >= before.bytes) return;
      throw new CliError(
        `standard output has ${bytes} bytes of the ${before.bytes} that the earlier run wrote: restore the file and append to it (>>), or delete the checkpoint to start over`,
      );
    },
  };
}

function changed(what: string): CliError {
  return new CliError(`the file that standard output was redirected to ${what}; start over with a new file`);
}
