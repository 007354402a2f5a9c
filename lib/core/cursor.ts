import { assertOneOf } from './assert-one-of.js';
import type { Cursor as CursorShape, CycleCheck, OpenFlatMap, Query } from './cursor-shape.js';
import { dropRejection } from './drop-rejection.js';
import { describeValue, invalidArgument, PageturnError } from './errors.js';
import { shortened } from './quoted.js';
import { isContentDigest, SEEN_DIGITS, seenDigest } from './seen-digest.js';

export type { Query } from './cursor-shape.js';
/** A position between two items of a listing, as plain JSON. */
export type Cursor = CursorShape;

/** Reads cursors that were stored. */
export const Cursor = {
  /**
   * Reads a cursor from JSON, as text or as an object, and checks that it belongs to `query` if one is given. The result
   * is a copy. Throws ERR_CURSOR_MISMATCH, whose message says what differs, and ERR_INVALID_ARGUMENT if `query` is not the
   * `query` of a cursor.
   *
   * @example
   * const from = Cursor.parse(await readFile('users.cursor.json', 'utf8'));
   */
  parse(value: unknown, query?: Query): Cursor {
    const ours = query === undefined ? undefined : readQuery(query);
    const cursor = typeof value === 'string' ? parseJson(value) : copyOf(value);
    assertCursor(cursor);
    if (ours) assertSameQuery(cursor.query, ours);
    return cursor;
  },

  /**
   * What the last operator of a name in the chain had counted at a cursor; 0 if the chain has none. Over several runs,
   * this is how many items a `take` has let through. Throws ERR_CURSOR_MISMATCH for what is not a cursor, and
   * ERR_INVALID_ARGUMENT for an operator that does not count.
   *
   * @example
   * const taken = Cursor.countOf(walk.cursor, 'take');
   */
  countOf(cursor: Cursor, operator: 'take' | 'drop' | 'dropWhile'): number {
    assertOneOf('operator', operator, COUNTING);
    const { chain = [], counts = {} } = Cursor.parse(cursor);
    return counts[`${chain.lastIndexOf(operator)}.${operator}`] ?? 0;
  },
};

/** The listing in which a cursor is resumed. */
interface ResumeTarget {
  readonly chain: readonly string[];
  /** Whether the operators must be the same even if nothing in the cursor depends on them. */
  readonly isSameJob: boolean;
}

/**
 * Throws ERR_CURSOR_EXHAUSTED for the cursor of an exhausted listing, and ERR_CURSOR_MISMATCH if its fields contradict
 * each other, or if the operators differ and the cursor has counts or must belong to the same job.
 */
export function assertResumable(cursor: Cursor, { chain: ours, isSameJob }: ResumeTarget): void {
  const { exhausted, chain = [], counts } = cursor;
  if (exhausted) {
    throw new PageturnError(
      'ERR_CURSOR_EXHAUSTED',
      'the listing was exhausted at this cursor: there is nothing to resume; start over without it',
    );
  }
  const contradiction = contradictionIn(cursor);
  if (contradiction) throw mismatch(`the cursor is damaged: its ${contradiction} disagree`);
  if (!isSameJob && !counts) return;
  if (chain.length === ours.length && chain.every((name, i) => name === ours[i])) return;
  throw mismatch(
    `the cursor belongs to other operators: it was made with ${chainText(chain)}, and this listing has ${chainText(ours)}`,
  );
}

function chainText(chain: readonly string[]): string {
  return chain.length === 0 ? 'none' : chain.join(', ');
}

/** A copy, for the same reason as {@link copyOf}. */
function readQuery(query: unknown): Query {
  try {
    const copy = copyMembers(query, DEEPEST_FIELD);
    if (isQuery(copy)) return copy;
  } catch {
    // It cannot be read.
  }
  throw invalidArgument('query', "the query of a cursor, such as another cursor's `query`", query);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PageturnError('ERR_CURSOR_MISMATCH', 'this is not a cursor: it is not JSON', { cause });
  }
}

/** A copy of the fields: what is checked must be what is used, whatever a getter or its owner makes of the original. */
function copyOf(value: unknown): unknown {
  try {
    if (!isRecord(value)) return value;
    dropRejection(value);
    const copy = { ...value };
    for (const [name] of FIELDS) if (name in copy) copy[name] = copyMembers(copy[name], DEEPEST_FIELD);
    return copy;
  } catch (cause) {
    throw new PageturnError('ERR_CURSOR_MISMATCH', 'this is not a cursor: it cannot be read', { cause });
  }
}

/** Such as `input.InstanceId` in `query`. */
const DEEPEST_FIELD = 2;

function copyMembers(value: unknown, depth: number): unknown {
  if (depth === 0 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return [...value];
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, copyMembers(member, depth - 1)]),
  );
}

function assertCursor(value: unknown): asserts value is Cursor {
  if (!isRecord(value)) throw mismatch('this is not a cursor: it is not an object');
  const { version } = value;
  if (version === undefined) throw mismatch('this is not a cursor: it has no version');
  if (version !== 2) {
    const other =
      isText(version) || typeof version === 'number'
        ? `version ${describeValue(version)}`
        : 'an unknown version';
    throw mismatch(`the cursor has ${other}, and this pageturn reads version 2; start over without it`);
  }
  const flaw = FIELDS.find(([name, isValid]) => !isValid(value[name]));
  if (flaw) throw mismatch(`the cursor is damaged: its ${flaw[0]} is not ${flaw[2]}`);
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isRecordOf = (isValid: (value: unknown) => boolean) => (value: unknown) =>
  isRecord(value) && Object.values(value).every(isValid);
const optional = (isValid: (value: unknown) => boolean) => (value: unknown) =>
  value === undefined || isValid(value);
const isOpenFlatMap = (value: unknown): value is OpenFlatMap =>
  isRecord(value) && isText(value['item']) && isCount(value['count']) && value['count'] > 0;
const isCycleCheck = (value: unknown): value is CycleCheck =>
  isRecord(value) &&
  isCount(value['token']) &&
  isCount(value['steps']) &&
  isCount(value['limit']) &&
  value['steps'] < value['limit'];
/** Concatenated digests. */
const SEEN = new RegExp(`^([0-9a-z]{${SEEN_DIGITS}})+$`);

const isQuery = (value: unknown): value is Query =>
  isRecord(value) && isText(value['operation']) && isRecordOf(isText)(value['input']);

/** Every field of a cursor, its check, and what the error says it is not. */
const FIELDS: readonly (readonly [keyof Cursor, (value: unknown) => boolean, string])[] = [
  ['token', optional((value) => isText(value) && value !== ''), 'a string'],
  ['offset', isCount, 'a whole number from 0'],
  ['key', optional(isText), 'a string'],
  ['seen', optional((value) => isText(value) && SEEN.test(value)), 'a list of digests'],
  ['pageSize', optional((value) => isCount(value) && value > 0), 'a whole number from 1'],
  ['counts', optional(isRecordOf(isCount)), 'an object of whole numbers'],
  ['chain', optional((value) => Array.isArray(value) && value.every(isText)), 'a list of operator names'],
  ['flat', optional(isRecordOf(isOpenFlatMap)), 'an object of items and counts'],
  ['cycle', optional(isCycleCheck), 'a token digest and two counts'],
  ['exhausted', optional((value) => value === true), 'true'],
  ['query', isQuery, 'an operation and the digests of its input'],
];

/** The fields that contradict each other: such a cursor was damaged, and would lose or repeat items. */
function contradictionIn({
  offset,
  key,
  seen,
  counts = {},
  chain = [],
  cycle,
  token,
}: Cursor): string | undefined {
  const last = seen?.slice((offset - 1) * SEEN_DIGITS, offset * SEEN_DIGITS) ?? '';
  const isOther = seen && !isContentDigest(last) && last !== seenDigest(key ?? '');
  if (offset > 0 && (key === undefined || isOther)) return 'offset and key';
  if (cycle && token === undefined) return 'cycle and token';
  const counting = new Set(chain.flatMap((operator, place) => countsOf(`${place}.${operator}`, operator)));
  return Object.keys(counts).every((name) => counting.has(name)) ? undefined : 'counts and chain';
}

/** The names of what an operator counts. */
function countsOf(name: string, operator: string): readonly string[] {
  // It may let items fail. An operator built on it has its own name after a colon: mapAsync:describeUsers.
  if (operator.split(':', 1)[0] === 'mapAsync') return [`${name}.worked`, `${name}.failed`];
  return COUNTING.includes(operator) ? [name] : [];
}

const COUNTING = ['take', 'drop', 'dropWhile'];

function assertSameQuery(theirs: Query, ours: Query): void {
  if (theirs.operation !== ours.operation) {
    throw mismatch(
      `the cursor belongs to another query: it was made by ${shortened(theirs.operation)}, and this listing is ${shortened(ours.operation)}`,
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
