import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { blocksOf, type FoundMarker, HEADER, readMarker, readWhole } from './spool-lines.js';

/**
 * The last position of a spool before which everything is as it was written. What comes after it was being written
 * when the process or the machine died, and may have holes; or another program has changed the file.
 *
 * Each position covers what was written since the last sync, so the ones before it are looked at from sync to sync.
 */
export async function findLastMarker(file: FileHandle, size: number): Promise<FoundMarker | undefined> {
  let last: FoundMarker | undefined;
  for (let end = size; end > HEADER.length; ) {
    const marker = await markerBefore(file, end);
    if (!marker) return undefined;
    if (marker.end < end) last = undefined;
    if (await isWhole(file, marker)) {
      last ??= marker;
      end = marker.from;
    } else {
      last = undefined;
      end = marker.start;
    }
  }
  return last;
}

/** The last position whose line ends before a byte. */
async function markerBefore(file: FileHandle, size: number): Promise<FoundMarker | undefined> {
  let tail: Buffer = Buffer.alloc(0);
  for (let start = size; start > 0; ) {
    const length = Math.min(start, Math.max(FIRST_LOOK, tail.length));
    start -= length;
    tail = Buffer.concat([await readWhole(file, start, length), tail]);
    for (let at = tail.lastIndexOf(MARK); at >= 0; at = at === 0 ? -1 : tail.lastIndexOf(MARK, at - 1)) {
      const end = tail.indexOf('\n', at);
      const found = end < 0 ? undefined : readMarker(tail.toString('utf8', at, end), start + at);
      if (found) return found;
    }
  }
  return undefined;
}

const MARK = '\t{"$position":';

/** A position without its rows is about 1 KB, and 11 KB longer for a page of 1,000 items. */
const FIRST_LOOK = 65_536;

async function isWhole(file: FileHandle, { from, to, start, sha256 }: FoundMarker): Promise<boolean> {
  if (!(from >= HEADER.length && from <= start)) return false;
  const hash = createHash('sha256');
  for await (const block of blocksOf(file, from, to)) hash.update(block);
  return hash.digest('base64url') === sha256;
}
