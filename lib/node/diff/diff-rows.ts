import { onAbort } from '../../core/abort.js';
import { Listing } from '../../listing/listing.js';
import type { Difference, DiffSide, FieldChange } from './difference.js';
import { type KeyedGroup, keyedGroups } from './keyed-groups.js';
import { sameValue } from './same-value.js';

export interface DiffRowsOptions {
  /** The key of a row; `''` if it has none. */
  readonly keyOf: (row: object) => string;
  /** The fields to compare; undefined: all that one of two rows has. */
  readonly fields: readonly string[] | undefined;
  /** Fields that are not compared unless they are named. */
  readonly ignored: readonly string[];
  /** Fields whose lists have an order. */
  readonly ordered: readonly string[];
  /** Whether a row exists, but could not be read. */
  readonly isUnread: (row: object) => boolean;
  readonly signal: AbortSignal | undefined;
}

type Rows = AsyncIterable<object>;

/** The differences between the rows of two listings, by key. Both are read to the end, side by side, before the first one. */
export async function* diffRows(
  a: Rows,
  b: Rows,
  options: DiffRowsOptions,
): AsyncGenerator<Difference<object>, void, void> {
  const stop = new AbortController();
  const unlink = options.signal && onAbort(options.signal, (reason) => stop.abort(reason));
  const sides = { a: new Side(a, options, stop.signal), b: new Side(b, options, stop.signal) };
  try {
    await Promise.all([sides.a.advance(), sides.b.advance()]);
    for (const side of ['a', 'b'] as const) {
      const { reason } = sides[side];
      if (reason !== undefined) yield { type: 'incomplete', in: side, reason };
    }
    yield* merge(sides, options);
  } finally {
    unlink?.();
    stop.abort();
    // One that still waits for a page ends when that is aborted; nothing waits for it.
    for (const side of [sides.a, sides.b]) side.close().catch(() => {});
  }
}

interface Sides {
  readonly a: Side;
  readonly b: Side;
}

async function* merge(
  { a, b }: Sides,
  options: DiffRowsOptions,
): AsyncGenerator<Difference<object>, void, void> {
  while (a.group || b.group) {
    options.signal?.throwIfAborted();
    const before = isFirst(a.group, b.group) ? a.group : undefined;
    const after = isFirst(b.group, a.group) ? b.group : undefined;
    if (before?.key === '' || after?.key === '') yield* unkeyed(before, after);
    else
      yield* compare(before, after, {
        options,
        isWhole: { a: a.reason === undefined, b: b.reason === undefined },
      });
    await Promise.all([before && a.advance(), after && b.advance()]);
  }
}

/** Whether there is a group and none comes before it. */
function isFirst(group: KeyedGroup | undefined, other: KeyedGroup | undefined): boolean {
  return group !== undefined && (other === undefined || group.order <= other.order);
}

function* unkeyed(
  before: KeyedGroup | undefined,
  after: KeyedGroup | undefined,
): Generator<Difference<object>> {
  for (const item of before?.rows ?? []) yield { type: 'unkeyed', in: 'a', item };
  for (const item of after?.rows ?? []) yield { type: 'unkeyed', in: 'b', item };
}

interface CompareContext {
  readonly options: DiffRowsOptions;
  readonly isWhole: Readonly<Record<DiffSide, boolean>>;
}

function* compare(
  before: KeyedGroup | undefined,
  after: KeyedGroup | undefined,
  { options, isWhole }: CompareContext,
): Generator<Difference<object>> {
  const { key } = (before ?? after) as KeyedGroup;
  const odd = [...oddOf('a', before, options), ...oddOf('b', after, options)];
  yield* odd;
  if (odd.length > 0) return;
  const [previous] = before?.rows ?? [];
  const [item] = after?.rows ?? [];
  if (previous && item) {
    const changes = changesBetween(previous, item, options);
    if (changes.length > 0) yield { type: 'changed', key, item, previous, changes };
  } else if (item && isWhole.a) yield { type: 'added', key, item };
  else if (previous && isWhole.b) yield { type: 'removed', key, item: previous };
}

/** Why a group cannot be compared. */
function* oddOf(
  side: DiffSide,
  group: KeyedGroup | undefined,
  { isUnread }: DiffRowsOptions,
): Generator<Difference<object>> {
  if (!group) return;
  const { key, rows, count } = group;
  if (count > 1) yield { type: 'duplicate', key, in: side, count, items: rows };
  else if (rows.some(isUnread)) yield { type: 'unread', key, in: side };
}

function changesBetween(previous: object, item: object, options: DiffRowsOptions): readonly FieldChange[] {
  const { fields, ignored, ordered } = options;
  const own = [...new Set([...Object.keys(previous), ...Object.keys(item)])];
  const compared = fields ?? own.filter((field) => !ignored.includes(field));
  return compared.flatMap((field): FieldChange[] => {
    const before: unknown = Reflect.get(previous, field);
    const after: unknown = Reflect.get(item, field);
    return sameValue(before, after, { isOrdered: ordered.includes(field) }) ? [] : [{ field, before, after }];
  });
}

/** One of the two listings, group by group. */
class Side {
  /** The next group; undefined if there is none. */
  group: KeyedGroup | undefined;
  readonly #groups: AsyncGenerator<KeyedGroup, void, void>;
  #reasonOf: () => string | undefined = () => undefined;

  constructor(rows: Rows, { keyOf }: DiffRowsOptions, signal: AbortSignal) {
    let own: Rows = rows;
    if (rows instanceof Listing) {
      const walk = rows.open({ signal });
      own = walk;
      this.#reasonOf = () => (walk.end?.reason === 'exhausted' ? undefined : walk.end?.reason);
    }
    this.#groups = keyedGroups(own, keyOf);
  }

  /** How the listing ended, if it was not exhausted. */
  get reason(): string | undefined {
    return this.#reasonOf();
  }

  async advance(): Promise<void> {
    this.group = (await this.#groups.next()).value ?? undefined;
  }

  async close(): Promise<void> {
    await this.#groups.return();
  }
}
