import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identifierOf } from '../../core/identity.js';
import { encodeKey } from '../snapshot/row.js';
import { RowReader } from '../snapshot/row-reader.js';
import { sortRows } from '../snapshot/sort-rows.js';

/** The rows that have one key. */
export interface KeyedGroup {
  /** `''` for a row without a key, which is a separate group. */
  readonly key: string;
  /** Sorts as groups are delivered. */
  readonly order: string;
  /** The first of them. */
  readonly rows: readonly object[];
  readonly count: number;
}

/** How many bytes of rows are sorted in memory at once: with 16 MiB, two instances of 100,000 users took 256 MB. */
const CHUNK_BYTES = 2 * 1_048_576;

/** As many rows of a group are kept. */
const MOST_ROWS = 10;

/**
 * The rows of a listing in groups of one key, sorted, with a few MB of them in memory: the rest goes through the folder
 * of temporary files. All rows are read before the first group is delivered. Of two rows with the same identifier, as they
 * come from a listing that starts over, the later one stays.
 */
export async function* keyedGroups(
  rows: AsyncIterable<object>,
  keyOf: (row: object) => string,
): AsyncGenerator<KeyedGroup, void, void> {
  let count = 0;
  const sorted = sortRows(rows, {
    // The number keeps rows apart that have the same key.
    key: (row) => `${keyOf(row)}${SEPARATOR}${String(count++).padStart(12, '0')}`,
    chunkBytes: CHUNK_BYTES,
    near: join(tmpdir(), 'pageturn-diff'),
  });
  const reader = new RowReader(sorted);
  try {
    let group: Group | undefined;
    while (reader.advance() || (await reader.fill())) {
      const { key: numbered, item } = reader.decode<object>();
      const key = numbered.slice(0, numbered.lastIndexOf(SEPARATOR));
      if (group && (group.key !== key || key === '')) {
        yield group;
        group = undefined;
      }
      group ??= new Group(key);
      group.add(item);
    }
    if (group) yield group;
  } finally {
    await reader.close();
  }
}

/** Sorts before every character of a key, as its escape does. */
const SEPARATOR = '\u0000';

class Group implements KeyedGroup {
  readonly key: string;
  readonly order: string;
  readonly rows: object[] = [];
  count = 0;

  constructor(key: string) {
    this.key = key;
    this.order = encodeKey(`${key}${SEPARATOR}`).slice(0, -1);
  }

  add(row: object): void {
    const identifier = identifierOf(row);
    const known = this.rows.findIndex((one) => identifier !== undefined && identifierOf(one) === identifier);
    if (known >= 0) {
      this.rows[known] = row;
      return;
    }
    this.count++;
    if (this.rows.length < MOST_ROWS) this.rows.push(row);
  }
}
