import type { FileHandle } from 'node:fs/promises';
import type { DrainPosition, Published } from '../../core/destination.js';
import { readAt } from '../files/read-at.js';
import { sha256Of } from '../files/sha256-of.js';
import { readSpooled, spooledText } from './spooled-text.js';

/** The first line of every spool, with the version of its format. */
export const HEADER = `${JSON.stringify({ $spool: 1 })}\n`;

/** A line of the spool that is not a row: a position, and the part of the file that it covers. */
export interface Marker {
  readonly position: DrainPosition;
  /** Set right before the file is put in its place: what it then consists of. */
  readonly publishing?: Published | undefined;
  /** Where the rows that were written with the position begin, and a digest of them. */
  readonly from: number;
  readonly sha256: string;
}

/** A marker that was found, and the byte behind its line. */
export interface FoundMarker extends Marker {
  readonly end: number;
}

/** The lines of rows and the position behind them, for a spool of `from` bytes. */
export function linesOf(
  rows: readonly unknown[],
  from: number,
  marker: Omit<Marker, 'from' | 'sha256'>,
): Buffer {
  const text = Buffer.from(rows.map((row) => `${spooledText(row)}\n`).join(''));
  const { position: $position, publishing } = marker;
  const line = JSON.stringify({ $position, publishing, from, sha256: sha256Of(text) });
  return Buffer.concat([text, Buffer.from(`${line}\n`)]);
}

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

/** The rows up to a byte of the spool, in chunks of those that a block of the file has. */
export async function* readRows(
  file: FileHandle,
  end: number,
): AsyncGenerator<readonly unknown[], void, void> {
  let rest: Buffer = Buffer.alloc(0);
  for (let at = HEADER.length; at < end; ) {
    const block = await readWhole(file, at, Math.min(BLOCK, end - at));
    at += block.length;
    const text = Buffer.concat([rest, block]);
    const whole = text.lastIndexOf('\n') + 1;
    rest = text.subarray(whole);
    const lines = text.toString('utf8', 0, whole).split('\n').slice(0, -1);
    const rows = lines.filter((line) => !line.startsWith(MARK)).map(readSpooled);
    if (rows.length > 0) yield rows;
  }
}

/** No row contains this text: its quotes are escaped within a string, and a member of that name gets another `$`. */
const MARK = '{"$position":';

/** A position without its rows is about 1 KB, and 11 KB longer for a page of 1,000 items. */
const FIRST_LOOK = 65_536;

/** About a thousand rows: few enough for the memory, many enough to cost nothing each. */
const BLOCK = 262_144;

function readMarker(line: string, end: number): FoundMarker | undefined {
  try {
    const { $position, publishing, from, sha256 } = JSON.parse(line) as Omit<Marker, 'position'> & {
      readonly $position: DrainPosition;
    };
    return { position: $position, publishing, from, sha256, end };
  } catch {
    return undefined;
  }
}

async function isWhole(file: FileHandle, { from, sha256 }: Marker, to: number): Promise<boolean> {
  if (!(from >= 0 && from <= to)) return false;
  return sha256Of(await readWhole(file, from, to - from)) === sha256;
}

async function readWhole(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const bytes = await readAt(file, start, length);
  if (bytes.length < length) throw new Error('the spool became shorter while it was read');
  return bytes;
}
