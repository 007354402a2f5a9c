import type { FileHandle } from 'node:fs/promises';
import type { DrainPosition, Published } from '../../core/destination.js';
import { readAt } from '../files/read-at.js';
import { type ReadOptions, type RowTypes, RowTypesReader } from './row-types.js';

// A spool is a text of lines. A row is a line of JSON, as `ndjson()` writes it. A line that begins with a tab, which JSON
// text never does, is not a row: the types of the rows after it, or the position after the rows before it.

/** The first line of every spool, with the version of its format. */
export const HEADER = `\t${JSON.stringify({ $spool: 3 })}\n`;

/** What is about to be put in its place: how it looks there, or how the upload of it is called. */
export interface Publication extends Published {
  /** A name that no other publication has. */
  readonly id?: string;
  /** When an upload in parts was about to start, in ISO 8601. */
  readonly uploadBegun?: string;
  /** The store's name for the upload. */
  readonly uploadId?: string;
}

/** A position, and the part of the file that it covers. */
export interface Marker {
  readonly position: DrainPosition;
  /** Set right before the rows are put in their place. */
  readonly publishing?: Publication | undefined;
  /** What is written from here on may have holes after a power cut: a digest of it and of the position shows them. */
  readonly from: number;
}

/** A marker that was found: the bytes at which its line starts, the digest covers no more, and the line has ended. */
export interface FoundMarker extends Marker {
  readonly sha256: string;
  readonly start: number;
  readonly to: number;
  readonly end: number;
}

/** The line of a marker, as far as the digest covers it. */
export function markerHead({ position: $position, publishing, from }: Marker): string {
  return `\t${JSON.stringify({ $position, publishing, from }).slice(0, -1)}`;
}

/** The rest of the line. */
export function markerTail(sha256: string): string {
  return `${DIGEST}${sha256}"}\n`;
}

const DIGEST = ',"sha256":"';

/** The line before rows that JSON does not express by itself; empty if there are none. */
export function typesLine($types: readonly RowTypes[]): string {
  return $types.length === 0 ? '' : `\t${JSON.stringify({ $types })}\n`;
}

/** Reads a line that starts at a byte, without its end. */
export function readMarker(line: string, start: number): FoundMarker | undefined {
  try {
    const { $position, publishing, from, sha256 } = JSON.parse(line) as Omit<FoundMarker, 'position'> & {
      readonly $position: DrainPosition;
    };
    const to = start + Buffer.byteLength(line.slice(0, line.lastIndexOf(DIGEST)));
    const end = start + Buffer.byteLength(line) + 1;
    return { position: $position, publishing, from, sha256, start, to, end };
  } catch {
    return undefined;
  }
}

/** The rows up to a byte of the spool, in chunks. */
export async function* readRows(
  file: FileHandle,
  end: number,
  options?: ReadOptions,
): AsyncGenerator<readonly unknown[], void, void> {
  const types = new RowTypesReader(options);
  let rest: Buffer = Buffer.alloc(0);
  for await (const block of blocksOf(file, 0, end)) {
    for (let at = 0; at < block.length; at += SLICE) {
      const slice = block.subarray(at, at + SLICE);
      const text = rest.length > 0 ? Buffer.concat([rest, slice]) : slice;
      const whole = text.lastIndexOf(NEWLINE) + 1;
      rest = text.subarray(whole);
      yield* rowsOf(text.toString('utf8', 0, whole), types);
    }
  }
}

/** The rows of whole lines, a chunk for each run of them. */
function* rowsOf(text: string, types: RowTypesReader): Generator<readonly unknown[], void, void> {
  for (let at = 0; at < text.length; ) {
    // A tab within a row would be escaped.
    const tab = text.indexOf('\t', at);
    const to = tab < 0 ? text.length : tab;
    if (to > at) {
      // One call for many lines, which have the same members mostly, takes half the time.
      const rows = JSON.parse(`[${text.slice(at, to - 1).replaceAll('\n', ',')}]`) as unknown[];
      types.restore(rows);
      yield rows;
    }
    if (tab < 0) return;
    at = text.indexOf('\n', tab) + 1;
    const { $types = [] } = JSON.parse(text.slice(tab, at)) as { $types?: RowTypes[] };
    types.start($types);
  }
}

/** The lines of the rows up to a byte of the spool, as they stand there. */
export async function* readRowLines(file: FileHandle, end: number): AsyncGenerator<Uint8Array, void, void> {
  let isRow = true;
  for await (const block of blocksOf(file, 0, end)) {
    for (let at = 0; at < block.length; ) {
      const turn = block.indexOf(isRow ? TAB : NEWLINE, at);
      const to = turn < 0 ? block.length : turn;
      if (isRow && to > at) yield block.subarray(at, to);
      if (turn >= 0) isRow = !isRow;
      at = to + 1;
    }
  }
}

/** A part of a file in blocks, of which the next one is being read while one is worked on. */
export async function* blocksOf(
  file: FileHandle,
  start: number,
  end: number,
): AsyncGenerator<Buffer, void, void> {
  const read = (at: number) => readWhole(file, at, Math.min(BLOCK, end - at));
  let next = start < end ? read(start) : undefined;
  try {
    for (let at = start; next; ) {
      const block: Buffer = await next;
      at += block.length;
      next = at < end ? read(at) : undefined;
      yield block;
    }
  } finally {
    // The file may be closed afterwards.
    await next?.catch(() => {});
  }
}

export async function readWhole(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const bytes = await readAt(file, start, length);
  if (bytes.length < length) throw new Error('the spool became shorter while it was read');
  return bytes;
}

const TAB = 0x09;
const NEWLINE = 0x0a;

/** Few enough bytes for the memory, enough for a read to cost nothing each. */
const BLOCK = 262_144;

/** A string of 128 KiB or more leaves the nursery of the garbage collector: decoding it takes three times as long. */
const SLICE = 65_536;
