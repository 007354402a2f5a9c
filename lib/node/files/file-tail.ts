import type { FileHandle } from 'node:fs/promises';
import { readAt } from './read-at.js';
import { sha256Of } from './sha256-of.js';

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

/** What a file ends with: its last bytes, or only their digest, where the last write was as long as they are. */
export type FileTail = Buffer | string;

/**
 * The tail of a file after a chunk was appended. The bytes are kept as long as the next write may need them: a process with
 * hundreds of spools writes a page at a time into each, and would keep 128 KiB for every one.
 */
export function extendTail(tail: Buffer, chunk: Uint8Array): FileTail {
  if (fillsTail(chunk)) return sha256Of(chunk.subarray(chunk.length - TAIL_BYTES));
  const kept = Math.min(tail.length, TAIL_BYTES - chunk.length);
  // A copy, as the chunk may be used again.
  return Buffer.concat([tail.subarray(tail.length - kept), chunk]);
}

/** Whether a chunk is all of the tail, whatever was there before it. */
export function fillsTail(chunk: Uint8Array): boolean {
  return chunk.length >= TAIL_BYTES;
}

export function digestOfTail(tail: FileTail): string {
  return typeof tail === 'string' ? tail : sha256Of(tail);
}
