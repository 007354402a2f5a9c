import { fstatSync, fsync } from 'node:fs';
import { promisify } from 'node:util';
import { CliError } from '../cli-error.js';

/** The position in a redirected file: its size. */
export interface RedirectedPosition {
  readonly bytes: number;
}

/** The regular file that standard output was redirected to by the shell. */
export interface RedirectedFile {
  readonly position: RedirectedPosition;
  /** Makes what was written survive a power failure, and throws if the file does not hold it. */
  sync(): Promise<void>;
  /** Throws if the file was removed, or no longer holds what was written. */
  assertWhole(): void;
  /** Throws if the file does not have what an earlier run wrote: another file, or `>` instead of `>>`. */
  assertContinues(before: RedirectedPosition): void;
}

/**
 * The file behind an open descriptor; undefined unless it is a regular one. Its name is unknown and it may not be
 * readable, so that only its size and whether it still has a name can be looked at.
 */
export function redirectedFile(fd: number): RedirectedFile | undefined {
  if (!fstatSync(fd).isFile()) return undefined;
  let bytes = fstatSync(fd).size;
  const wholeSize = () => {
    const { size, nlink } = fstatSync(fd);
    if (nlink === 0) throw changed('the file that standard output was redirected to was removed');
    if (size >= bytes) return size;
    throw changed(
      `the file that standard output was redirected to was cut off: it has ${size} bytes after ${bytes}`,
    );
  };
  return {
    get position() {
      return { bytes };
    },
    async sync() {
      await promisify(fsync)(fd);
      bytes = wholeSize();
    },
    assertWhole: () => void wholeSize(),
    assertContinues(before) {
      if (bytes >= before.bytes) return;
      throw changed(`standard output has ${bytes} bytes of the ${before.bytes} that the earlier run wrote`);
    },
  };
}

function changed(what: string): CliError {
  return new CliError(
    `${what}: restore the file and append to it (>>), or delete the checkpoint to start over`,
  );
}
