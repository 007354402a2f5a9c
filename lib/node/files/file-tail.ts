import type { FileHandle } from 'node:fs/promises';
import { readAt } from './read-at.js';

/**
 * Longer than what is appended at a time (64 Ki characters and a record): if the file is rewritten just before an
 * append, the tail still shows it afterwards. Short enough to be read at each append.
 */
const TAIL_BYTES = 131_072;

/** The last bytes, at most 128 KiB, of a file if it ended after `size` bytes; fewer if it ends before that. */
export function readTail(file: FileHandle, size: number): Promise<Buffer> {
  const length = Math.min(size, TAIL_BYTES);
  return readAt(file, size - length, length);
}

/** The tail of a file after a chunk was appended; a copy, as the chunk may be used again. */
export function extendTail(tail: Buffer, chunk: Uint8Array): Buffer {
  const added = chunk.subarray(Math.max(0, chunk.length - TAIL_BYTES));
  const kept = Math.min(tail.length, TAIL_BYTES - added.length);
  return Buffer.concat([tail.subarray(tail.length - kept), added]);
}
