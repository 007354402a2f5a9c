import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { PageturnError } from '../../core/errors.js';
import { readCsv } from '../read-csv.js';
import { RowReader } from '../snapshot/row-reader.js';
import { readSnapshot } from '../snapshot/snapshot-file.js';

/** The rows of a file: a CSV or NDJSON file by the ending of its name, otherwise a snapshot. */
export function readRows(path: string): AsyncIterable<object> {
  if (/\.csv$/i.test(path)) return readCsv(path);
  return {
    [Symbol.asyncIterator]: () => (/\.(ndjson|jsonl)$/i.test(path) ? jsonRows(path) : snapshotRows(path)),
  };
}

async function* snapshotRows(path: string): AsyncGenerator<object, void, void> {
  const reader = new RowReader(readSnapshot(path));
  try {
    while (reader.advance() || (await reader.fill())) yield reader.decode<object>().item;
  } catch (error) {
    if (!(error instanceof PageturnError && error.code === 'ERR_SNAPSHOT_CORRUPT')) throw error;
    // Not the advice of a snapshot, to delete it: it may be any file.
    const hint = 'the name of a CSV file ends in .csv, and of NDJSON in .ndjson';
    const message = `cannot read ${path}: it is not a snapshot, or only part of one; ${hint}`;
    throw new PageturnError(error.code, message, { cause: error });
  } finally {
    await reader.close();
  }
}

async function* jsonRows(path: string): AsyncGenerator<object, void, void> {
  const bytes = createReadStream(path);
  let line = 0;
  try {
    for await (const text of createInterface({ input: bytes, crlfDelay: Number.POSITIVE_INFINITY })) {
      line++;
      if (text.trim() !== '') yield rowOf(text, path, line);
    }
  } finally {
    bytes.destroy();
  }
}

function rowOf(text: string, path: string, line: number): object {
  let row: unknown;
  try {
    // Also without a byte order mark.
    row = JSON.parse(text.trim());
  } catch {
    // Reported below, without what is in the line.
  }
  if (typeof row === 'object' && row !== null && !Array.isArray(row)) return row;
  throw new PageturnError(
    'ERR_INVALID_ARGUMENT',
    `cannot read ${path}: line ${line} is not a JSON object; write it with ndjson()`,
  );
}
