import { extname } from 'node:path';

/** Counts the rows of a file as its bytes pass. */
export interface RowCounter {
  add(chunk: Uint8Array): void;
  /** How many rows there may be: of a CSV file, the first line may be a header. */
  possibleCounts(): readonly number[];
}

/** A counter for the format that a file has by its ending; undefined if its rows cannot be counted. */
export function rowCounterFor(path: string): RowCounter | undefined {
  switch (extname(path).toLowerCase()) {
    case '.csv':
      return csvCounter();
    case '.ndjson':
    case '.jsonl':
      return lineCounter((lines) => [lines]);
    case '.json':
      // Each row has a line; the bracket at the end has one, and an empty array is one line.
      return lineCounter((lines) => [Math.max(0, lines - 1)]);
    default:
      return undefined;
  }
}

const LINE_END = 0x0a;
const QUOTE = 0x22;

function lineCounter(counts: (lines: number) => readonly number[]): RowCounter {
  let lines = 0;
  return {
    add(chunk) {
      for (let at = chunk.indexOf(LINE_END); at >= 0; at = chunk.indexOf(LINE_END, at + 1)) lines++;
    },
    possibleCounts: () => counts(lines),
  };
}

/** A line end within quotes is part of a value; a doubled quote closes and opens again. */
function csvCounter(): RowCounter {
  let [lines, isQuoted] = [0, false];
  return {
    add(chunk) {
      for (const byte of chunk) {
        if (byte === QUOTE) isQuoted = !isQuoted;
        else if (byte === LINE_END && !isQuoted) lines++;
      }
    },
    possibleCounts: () => [Math.max(0, lines - 1), lines],
  };
}
