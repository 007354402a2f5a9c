import { invalidArgument } from '../../core/errors.js';
import { isRecord, VALUE_COLUMN } from './csv-cell.js';

/** The members that rows have, in the order of their first appearance. Rows that cannot be read twice are refused. */
export async function columnsOf(chunks: AsyncIterable<readonly unknown[]>): Promise<readonly string[]> {
  assertReadAgain(chunks, 'columns');
  const columns = new Set<string>();
  for await (const rows of chunks) {
    for (const row of rows) {
      if (isRecord(row)) for (const key of Object.keys(row)) columns.add(key);
      else columns.add(VALUE_COLUMN);
    }
  }
  return [...columns];
}

/** Throws ERR_INVALID_ARGUMENT, which asks for an option, for rows that a format cannot look at before it writes them. */
export function assertReadAgain(chunks: AsyncIterable<unknown>, option: string): void {
  if (isReadOnce(chunks)) {
    throw invalidArgument(option, 'given for rows that can only be read once', undefined);
  }
}

/** An iterator that answers with itself, such as a generator, is over after the first reading. */
function isReadOnce(chunks: AsyncIterable<unknown>): boolean {
  return 'next' in chunks;
}
