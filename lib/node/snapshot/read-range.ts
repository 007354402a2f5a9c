import type { FileHandle } from 'node:fs/promises';

interface Range {
  readonly start: number;
  readonly end: number;
  /** The size of each chunk. Default 64 KiB. */
  readonly chunkBytes?: number;
}

/** The bytes of a file from `start` up to `end`, in chunks. Does not move the position of the file. */
export async function* readRange(
  file: FileHandle,
  { start, end, chunkBytes = 65_536 }: Range,
): AsyncGenerator<Buffer, void, void> {
  for (let position = start; position < end; ) {
    const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, end - position));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}
