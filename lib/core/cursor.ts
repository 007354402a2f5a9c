import type { Cursor as CursorShape, Query } from './cursor-shape.js';
import { PageturnError } from './errors.js';
import { fingerprint } from './fingerprint.js';

export type { Query } from './cursor-shape.js';

export type Cursor = CursorShape;

export const Cursor = {
  /**
   * Reads a cursor back from JSON, a text or an object, and checks that it belongs to `query` where one is given.
   * Throws ERR_CURSOR_MISMATCH, whose message says what differs.
   *
   * @example
   * const from = Cursor.parse(await readFile('users.cursor.json', 'utf8'));
   */
  parse(value: unknown, query?: Query): Cursor {
    const cursor = typeof value === 'string' ? parseJson(value) : value;
    const flaw = findFlaw(cursor);
    if (flaw) throw mismatch(flaw);
    if (query) assertSameQuery((cursor as Cursor).query, query);
    return cursor as Cursor;
  },
};

/** The query of an operation and its input, as a cursor remembers it. Input fields that are undefined do not count. */
export function queryOf(operation: string, input: object = {}): Query {
  const fields = Object.entries(input).filter(([, value]) => value !== undefined);
  return {
    operation,
    input: Object.fromEntries(fields.map(([name, value]) => [name, fingerprint(value)]).sort()),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PageturnError('ERR_CURSOR_MISMATCH', 'this is not a cursor: it is not JSON', { cause });
  }
}

function findFlaw(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return 'this is not a cursor: it is not an object';
  const { version, token, offset, key, seen, pageSize, counts, given, query } = value as Record<
    string,
    unknown
  >;
  if (version === undefined) return 'this is not a cursor: it has no version';
  if (version !== 1) return `the cursor has version ${String(version)}, this pageturn reads version 1`;
  if (token !== undefined && typeof token !== 'string') return 'the cursor has a token that is not a string';
  if (!isCount(offset)) return 'the cursor has no valid offset';
  if (key !== undefined && typeof key !== 'string') return 'the cursor has a key that is not a string';
  if (seen !== undefined && typeof seen !== 'string')
    return 'the cursor has a list of seen items that is not a string';
  if (pageSize !== undefined && !(isCount(pageSize) && pageSize > 0))
    return 'the cursor has no valid page size';
  if (counts !== undefined && !(typeof counts === 'object' && Object.values(counts ?? {}).every(isCount)))
    return 'the cursor has no valid counts';
  if (given !== undefined && !(typeof given === 'object' && Object.values(given ?? {}).every(isText)))
    return 'the cursor has no valid list of what was given';
  if (!isQuery(query)) return 'the cursor does not say which query it belongs to';
  return undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isQuery(value: unknown): value is Query {
  if (typeof value !== 'object' || value === null) return false;
  const { operation, input } = value as Record<string, unknown>;
  return typeof operation === 'string' && typeof input === 'object' && input !== null;
}

function assertSameQuery(theirs: Query, ours: Query): void {
  if (theirs.operation !== ours.operation) {
    throw mismatch(
      `the cursor belongs to another query: it is of ${theirs.operation}, this listing is of ${ours.operation}`,
    );
  }
  const names = new Set([...Object.keys(theirs.input), ...Object.keys(ours.input)]);
  const differing = [...names].filter((name) => theirs.input[name] !== ours.input[name]).sort();
  if (differing.length > 0)
    throw mismatch(`the cursor belongs to another query: ${differing.join(', ')} differs`);
}

function mismatch(message: string): PageturnError {
  return new PageturnError('ERR_CURSOR_MISMATCH', message);
}
