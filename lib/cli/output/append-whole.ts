import { fstatSync, ftruncateSync, writeSync } from 'node:fs';

/**
 * Writes all bytes to the regular file that standard output was redirected to, or none. Node's stream for it does not
 * notice when a full disk takes only the first part of a write.
 */
export function appendWhole(fd: number, bytes: Uint8Array): void {
  const { size } = fstatSync(fd);
  let done = 0;
  try {
    while (done < bytes.length) done += writeSync(fd, bytes, done);
  } catch (error) {
    // Removes half a line, unless another program writes to the file as well.
    if (fstatSync(fd).size === size + done) ftruncateSync(fd, size);
    throw error;
  }
}

/** Whether standard output was redirected to a regular file. */
export function isRegularFile(fd: number): boolean {
  try {
    return fstatSync(fd).isFile();
  } catch {
    return false;
  }
}
