import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Destination } from '../../lib/core/destination.js';
import type { FailedItem } from '../../lib/core/failed-item.js';
import { fromPages } from '../../lib/from-pages.js';
import type { DrainOptions } from '../../lib/listing/drain/drain.js';
import { type MemoryDestination, memoryDestination } from '../../lib/testing/memory-destination.js';
import { manualClock } from '../support/manual-clock.js';

interface Row {
  readonly Id: string;
  readonly at?: Date;
}

interface Run extends DrainOptions {
  readonly rows?: number;
  readonly failing?: ReadonlySet<string>;
  readonly tolerate?: { readonly count?: number; readonly share?: number };
  readonly ordered?: boolean;
  readonly expired?: number;
}

class TokenExpired extends Error {}

const FAILING: ReadonlySet<string> = new Set(['r1', 'r4', 'r5', 'r10', 'r11']);
const idsOf = (count: number) => Array.from({ length: count }, (_, n) => `r${n}`);

function drain(destination: Destination<Row>, { rows = 12, failing = FAILING, ...run }: Run) {
  const { tolerate = { count: 100 }, ordered = true, expired = 0, ...options } = run;
  let left = expired;
  const listing = fromPages<Row>(
    async (token) => {
      if (token !== undefined && left-- > 0) throw new TokenExpired();
      const at = Number(token ?? 0);
      const items = idsOf(rows)
        .slice(at, at + 4)
        .map((Id) => ({ Id, at: new Date(0) }));
      return { items, next: at + 4 < rows ? String(at + 4) : undefined };
    },
    {
      query: { operation: 'ListRows' },
      retry: false,
      isTokenRejected: (error) => error instanceof TokenExpired,
    },
  );
  return listing
    .mapAsync(
      async (row) => {
        if (failing.has(row.Id)) throw new Error(`no ${row.Id}`);
        return row;
      },
      { tolerate, ordered, concurrency: 3 },
    )
    .drainTo(destination, { batch: 3, ...options });
}

interface Targets {
  readonly rows: MemoryDestination<Row>;
  readonly failed: MemoryDestination<FailedItem<unknown>>;
}

const targets = (): Targets => ({
  rows: memoryDestination<Row>(),
  failed: named(memoryDestination<FailedItem<unknown>>(), 'failed'),
});

/** A destination of another name: the getters of the one behind it stay live. */
function named<T>(destination: MemoryDestination<T>, target: string): MemoryDestination<T> {
  return new Proxy(destination, {
    get: (inner, name) => (name === 'target' ? target : Reflect.get(inner, name)),
  });
}

const publishedIds = ({ rows }: Targets) => rows.published?.map(({ Id }) => Id);
const failedIds = ({ failed }: Targets) => failed.published?.map(({ item }) => (item as Row).Id);
const others = (failing: ReadonlySet<string>, count = 12) => idsOf(count).filter((id) => !failing.has(id));

function expectComplete(both: Targets, failing: ReadonlySet<string> = FAILING): void {
  expect(publishedIds(both)).toEqual(others(failing));
  expect(failedIds(both)).toEqual([...failing]);
}

/** Counts the calls of both destinations, and does something else at one of them. */
function atCall(
  { rows, failed }: Targets,
  number: number,
  at: (call: () => Promise<unknown>) => Promise<unknown>,
): { readonly rows: Destination<Row>; readonly failed: Destination<FailedItem<unknown>>; calls(): number } {
  let count = 0;
  const watch = <D extends object>(destination: D): D =>
    new Proxy(destination, {
      get(inner, name) {
        const member: unknown = Reflect.get(inner, name);
        if (typeof member !== 'function') return member;
        return (...values: unknown[]) => {
          const call = async (): Promise<unknown> => member.apply(inner, values);
          return ++count === number ? at(call) : call();
        };
      },
    });
  return { rows: watch(rows), failed: watch(failed), calls: () => count };
}

/** A run whose process ends within a call: nothing is called after it. */
async function killedAt(
  both: Targets,
  number: number,
  when: 'before' | 'after',
  run: Run = {},
): Promise<void> {
  await new Promise<void>((resolve) => {
    const { rows, failed } = atCall(both, number, async (call) => {
      if (when === 'after') await call();
      resolve();
      return new Promise(() => {});
    });
    drain(rows, { ...run, failed }).then(
      () => resolve(),
      () => resolve(),
    );
  });
}

async function failingAt(
  both: Targets,
  number: number,
  when: 'before' | 'after',
  run: Run = {},
): Promise<void> {
  const { rows, failed } = atCall(both, number, async (call) => {
    if (when === 'after') await call();
    throw new Error('injected');
  });
  await drain(rows, { ...run, failed }).catch(() => {});
}

/** How many calls a whole run makes. */
async function callsOf(run: Run = {}): Promise<number> {
  const watched = atCall(targets(), 0, async () => {});
  await drain(watched.rows, { ...run, failed: watched.failed });
  return watched.calls();
}

describe('a drain with a destination for failed items', () => {
  it('a drain publishes results and failed items in a destination each, and the receipt counts both', async () => {
    const both = targets();
    const receipt = await drain(both.rows, { failed: both.failed });
    expectComplete(both);
    expect(receipt).toMatchObject({ complete: true, items: 12, written: 7, failed: 5 });
  });

  it('the record of a failed item is plain JSON, and says what its dates were', async () => {
    const both = targets();
    await drain(both.rows, { failed: both.failed });
    expect(both.failed.published?.[0]).toEqual({
      item: { Id: 'r1', at: '1970-01-01T00:00:00.000Z' },
      error: { name: 'Error', code: 'ERR_CALLBACK_FAILED', message: 'no r1' },
      attempts: 1,
      at: expect.any(String),
      types: { dates: [['at']], typed: [] },
    });
  });

  it('a drain in which nothing failed replaces the failed items of an earlier run with an empty list', async () => {
    const both = targets();
    await drain(both.rows, { failed: both.failed });
    const receipt = await drain(both.rows, { failed: both.failed, failing: new Set() });
    expectComplete(both, new Set());
    expect(receipt).toMatchObject({ written: 12, failed: 0 });
  });

  it('failed items are written while there are no results, so that neither memory nor a position grows with them', async () => {
    const both = targets();
    const sizes: number[] = [];
    const failing = new Set(idsOf(400));
    const rows = named(both.rows, 'memory');
    const receipt = await drain(rows, {
      rows: 400,
      failing,
      tolerate: { share: 1 },
      failed: both.failed,
      batch: 1_000,
      onProgress: () => void sizes.push(rows.position?.failures?.last.length ?? 0),
    });
    expect(receipt).toMatchObject({ written: 0, failed: 400 });
    expect(Math.max(...sizes)).toBeLessThan(110);
    expect(failedIds(both)).toEqual(idsOf(400));
  });

  it.each(['before', 'after'] as const)(
    'each failed item is kept once when the process dies in any call, %s it took effect',
    async (when) => {
      for (let number = 1; number <= (await callsOf()); number++) {
        const both = targets();
        await killedAt(both, number, when);
        const receipt = await drain(both.rows, { failed: both.failed });
        expectComplete(both);
        expect([number, receipt.failed, receipt.written]).toEqual([number, 5, 7]);
      }
    },
  );

  it.each(['before', 'after'] as const)(
    'each failed item is kept once when any call fails, %s it took effect',
    async (when) => {
      for (let number = 1; number <= (await callsOf()); number++) {
        const both = targets();
        await failingAt(both, number, when);
        const receipt = await drain(both.rows, { failed: both.failed });
        expectComplete(both);
        expect([number, receipt.failed, receipt.written]).toEqual([number, 5, 7]);
      }
    },
  );

  it('each failed item is kept once after any sequence of deaths and failures, whatever fails in each run', async () => {
    const disturbance = fc.record({
      number: fc.integer({ min: 1, max: 20 }),
      when: fc.constantFrom('before' as const, 'after' as const),
      isDeath: fc.boolean(),
      failing: fc.uniqueArray(fc.integer({ min: 0, max: 11 })),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(disturbance, { maxLength: 6 }),
        fc.boolean(),
        async (disturbances, ordered) => {
          const both = targets();
          for (const { number, when, isDeath, failing } of disturbances) {
            const run = { ordered, failing: new Set(failing.map((n) => `r${n}`)) };
            await (isDeath ? killedAt : failingAt)(both, number, when, run);
          }
          const receipt = await drain(both.rows, { ordered, failed: both.failed });
          const failed = failedIds(both) ?? [];
          const written = publishedIds(both) ?? [];
          // A run that was through published before it was disturbed, so what failed is known only for the last one.
          expect(new Set(failed).size).toBe(failed.length);
          expect([...new Set([...written, ...failed])].sort()).toEqual(idsOf(12).sort());
          expect(failed.filter((id) => written.includes(id))).toEqual([]);
          expect(receipt.failed).toBe(failed.length);
          if (ordered) expect(written.length + failed.length).toBe(12);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('rows and failed items start over when the token of their position was rejected, also if the process dies in between', async () => {
    for (const [number, when] of [
      [0, 'after'],
      [3, 'before'],
      [3, 'after'],
      [4, 'before'],
      [4, 'after'],
    ] as const) {
      const both = targets();
      await killedAt(both, 6, 'after');
      if (number > 0) await killedAt(both, number, when, { expired: 1 });
      const receipt = await drain(both.rows, { failed: both.failed, expired: number > 0 ? 0 : 1 });
      expectComplete(both);
      expect(receipt).toMatchObject({ failed: 5, written: 7 });
    }
  });

  it('a drain ends when too many items fail, and resumes with the last one once the cause is fixed', async () => {
    const both = targets();
    const error = await drain(both.rows, { failed: both.failed, tolerate: { count: 2 } }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'ERR_TOO_MANY_FAILURES', cause: { message: 'no r5' } });
    expect(both.rows.published).toBeUndefined();
    const receipt = await drain(both.rows, {
      failed: both.failed,
      tolerate: { count: 2 },
      failing: new Set(['r1', 'r4']),
    });
    expectComplete(both, new Set(['r1', 'r4']));
    expect(receipt).toMatchObject({ failed: 2, written: 10 });
  });

  it('a share that is exceeded at the end publishes nothing, and a run that allows more publishes all without working again', async () => {
    const both = targets();
    const error = await drain(both.rows, { failed: both.failed, tolerate: { share: 0.4 } }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'ERR_TOO_MANY_FAILURES' });
    expect(both.rows.published).toBeUndefined();
    expect(both.failed.unfinished).toHaveLength(5);
    await drain(both.rows, { failed: both.failed, tolerate: { share: 0.5 }, failing: new Set(idsOf(12)) });
    expectComplete(both);
  });

  it('failed items are written within everyMs, as rows are', async () => {
    const clock = manualClock();
    const both = targets();
    let release = () => {};
    const listing = fromPages<Row>(async () => ({ items: [{ Id: 'a' }, { Id: 'b' }], next: undefined }), {
      query: { operation: 'ListRows' },
      clock,
    }).mapAsync(
      ({ Id }) => {
        if (Id === 'a') throw new Error('no');
        return new Promise<Row>((resolve) => {
          release = () => resolve({ Id });
        });
      },
      { tolerate: { count: 5 } },
    );
    const drained = listing.drainTo(both.rows, { failed: both.failed, everyMs: 1_000 });
    for (let turn = 0; turn < 200; turn++) await Promise.resolve();
    expect(both.failed.unfinished).toEqual([]);
    await clock.advance(1_000);
    for (let turn = 0; turn < 200; turn++) await Promise.resolve();
    expect(both.failed.unfinished).toHaveLength(1);
    release();
    await drained;
    expect(failedIds(both)).toEqual(['a']);
  });
});

it('two operators that tolerate failures keep each of their items once, with operators and batches between them', async () => {
  const rows = fromPages<Row>(
    async (token) => {
      const at = Number(token ?? 0);
      const items = idsOf(12)
        .slice(at, at + 4)
        .map((Id) => ({ Id }));
      return { items, next: at + 4 < 12 ? String(at + 4) : undefined };
    },
    { query: { operation: 'ListRows' } },
  );
  const failOn =
    (...ids: readonly string[]) =>
    async (row: Row): Promise<Row> => {
      if (ids.includes(row.Id)) throw new Error('no');
      return row;
    };
  const listing = rows
    .mapAsync(failOn('r0', 'r3', 'r4'), { tolerate: { count: 3 }, concurrency: 2 })
    .filter(({ Id }) => Id !== 'r5')
    .mapAsync(failOn('r6', 'r7', 'r11'), { tolerate: { count: 3 }, concurrency: 3 })
    .batch(2)
    .flatMap((batch) => [...batch]);
  for (let number = 1; number < 20; number++) {
    const both = targets();
    await new Promise<void>((resolve) => {
      const { rows: target, failed } = atCall(both, number, async (call) => {
        await call();
        resolve();
        return new Promise(() => {});
      });
      listing.drainTo(target, { failed, batch: 2 }).then(() => resolve(), resolve);
    });
    const receipt = await listing.drainTo(both.rows, { failed: both.failed, batch: 2 });
    expect(publishedIds(both)).toEqual(['r1', 'r2', 'r8', 'r9', 'r10']);
    expect(failedIds(both)?.sort()).toEqual(['r0', 'r11', 'r3', 'r4', 'r6', 'r7']);
    expect(receipt).toMatchObject({ failed: 6, written: 5 });
  }
});

describe('two destinations that do not fit', () => {
  it('failed items that another unfinished run has left are discarded when the rows begin from the first item', async () => {
    const stale = targets();
    await killedAt(stale, 8, 'after');
    expect(stale.failed.unfinished.length).toBeGreaterThan(0);
    const both = { rows: memoryDestination<Row>(), failed: stale.failed };
    await drain(both.rows, { failed: both.failed });
    expectComplete(both);
  });

  it('failed items that are missing are an error, and nothing is changed', async () => {
    const both = targets();
    await killedAt(both, 8, 'after');
    const other = { rows: both.rows, failed: named(memoryDestination<FailedItem<unknown>>(), 'failed') };
    await expect(drain(other.rows, { failed: other.failed })).rejects.toMatchObject({
      code: 'ERR_CURSOR_MISMATCH',
      message: expect.stringContaining('failed items; restore it'),
    });
    await drain(both.rows, { failed: both.failed });
    expectComplete(both);
  });

  it('an unfinished run resumes with its own destination of failed items only', async () => {
    const both = targets();
    await killedAt(both, 8, 'after');
    const elsewhere = named(memoryDestination<FailedItem<unknown>>(), 'elsewhere');
    await expect(drain(both.rows, { failed: elsewhere })).rejects.toMatchObject({
      code: 'ERR_CURSOR_MISMATCH',
      message: expect.stringContaining('its failed items are in failed; pass that as failed'),
    });
    await expect(
      fromPages<Row>(async () => ({ next: undefined }), { query: { operation: 'ListRows' } })
        .mapAsync((row) => row)
        .drainTo(both.rows),
    ).rejects.toMatchObject({
      code: 'ERR_CURSOR_MISMATCH',
      message: expect.stringContaining('its failed items are in failed'),
    });
    await drain(both.rows, { failed: both.failed });
    expectComplete(both);
  });

  it('a drain refuses failed without tolerate, and tolerate without failed, before anything is opened', async () => {
    const both = targets();
    const rows = fromPages<Row>(async () => ({ next: undefined }));
    await expect(rows.drainTo(both.rows, { failed: both.failed })).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
    });
    await expect(drain(both.rows, {})).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      message: expect.stringContaining('nowhere to go'),
    });
    expect(both.rows.published).toBeUndefined();
  });
});
