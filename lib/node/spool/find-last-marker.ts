import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { blocksOf, type FoundMarker, type Marker, readMarker, readWhole } from './spool-lines.js';

/**
 * The last position of a spool whose rows are all there. What comes behind it was being written when the process or the
 * machine died, and may have holes.
 */
export async function findLastMarker(file: FileHandle, size: number): Promise<FoundMarker | undefined> {
  let tail: Buffer = Buffer.alloc(0);
  for (let start = size; start > 0; ) {
    const length = Math.min(start, Math.max(FIRST_LOOK, tail.length));
    start -= length;
    tail = Buffer.concat([await readWhole(file, start, length), tail]);
    for (let at = tail.lastIndexOf(MARK); at >= 0; at = at === 0 ? -1 : tail.lastIndexOf(MARK, at - 1)) {
      const end = tail.indexOf('\n', at);
      const found = end < 0 ? undefined : readMarker(tail.toString('utf8', at, end), start + end + 1);
      if (found && (await isWhole(file, found, start + at))) return found;
    }
  }
  return undefined;
}

const MARK = '\t{"$position":';

/** A position without its rows is about 1 KB, and 11 KB longer for a page of 1,000 items. */
const FIRST_LOOK = 65_536;

async function isWhole(file: FileHandle, { from, sha256 }: Marker, to: number): Promise<boolean> {
  if (!(from >= 0 && from <= to)) return false;
  const hash = createHash('sha256');
  for await (const block of blocksOf(file, from, to)) hash.update(block);
  return hash.digest('base64url') === sha256;
}
