import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Destination, DrainPosition } from '../../lib/core/destination.js';
import type { FetchPage } from '../../lib/core/page.js';
import { fromPages } from '../../lib/from-pages.js';
import type { DrainOptions } from '../../lib/listing/drain/drain.js';

export interface Row {
  readonly Id: string;
  readonly name: string;
}

/** One target, as several processes see it one after the other. */
export interface DestinationTarget {
  /** A destination on the target, as another process would create it. */
  connect(): Destination<Row>;
  /** The rows that people see; undefined before anything was published. */
  published(): Promise<readonly Row[] | undefined>;
  /** Undoes what a killed process leaves to its system, such as a lock that is recognised as dead. */
  afterKill?(): Promise<void>;
}

const PAGE = 4;
const BATCH = 3;

const rowsOf = (count: number, generation = 1): Row[] =>
  Array.from({ length: count }, (_, n) => ({ Id: `r${n}`, name: `row ${n} of generation ${generation}` }));

/** The calls of a run over 10 rows in batches of 3: four writes with rows, one of the last position. */
const CALLS = ['open', 'write', 'write', 'write', 'write', 'write', 'finish', 'close'];

/** What every destination must do. `create` makes an empty target. A slow one may try fewer `sequences` of faults. */
export function describeDestination(
  name: string,
  create: () => Promise<DestinationTarget>,
  { sequences = 30, keepsLeases = false } = {},
): void {
  describe(`${name} as a destination`, () => {
    it(`${name} publishes every row of a listing once, in order`, async () => {
      const target = await create();
      const receipt = await drain(target.connect(), serviceOf(rowsOf(10)));
      expect(await target.published()).toEqual(rowsOf(10));
      expect(receipt).toMatchObject({ complete: true, end: 'exhausted', items: 10, written: 10, resumed: 0 });
    });

    it(`${name} publishes an empty listing`, async () => {
      const target = await create();
      const receipt = await drain(target.connect(), serviceOf([]));
      expect(await target.published()).toEqual([]);
      expect(receipt).toMatchObject({ complete: true, items: 0, written: 0 });
    });

    it(`${name} replaces what an earlier run published by what the next one lists`, async () => {
      const target = await create();
      await drain(target.connect(), serviceOf(rowsOf(10)));
      const receipt = await drain(target.connect(), serviceOf(rowsOf(10, 2)));
      expect(await target.published()).toEqual(rowsOf(10, 2));
      expect(receipt).toMatchObject({ complete: true, items: 10, written: 10, resumed: 0 });
    });

    it.each(failures('before', 'after'))(
      `${name} has every row when $call fails $when it took effect, and the next run resumes`,
      async ({ number, when }) => {
        const target = await create();
        const failing = failingAt(target.connect(), number, when);
        await expect(drain(failing, serviceOf(rowsOf(10)))).rejects.toMatchObject({
          code: 'ERR_DESTINATION_FAILED',
          cause: { message: 'injected' },
        });
        // What failed in the opening or the closing may hold its lock until the process ends.
        await target.afterKill?.();
        await drainToEnd(target);
        await expectComplete(target);
      },
    );

    it.each(failures('before', 'after'))(
      `${name} has every row when the process dies in $call, $when it took effect`,
      async ({ number, when }) => {
        const target = await create();
        await killedAt(target, number, when);
        await drainToEnd(target);
        await expectComplete(target);
      },
    );

    it(`${name} has every row after any sequence of deaths and failures`, async () => {
      const fault = fc.record({
        number: fc.integer({ min: 1, max: CALLS.length }),
        when: fc.constantFrom('before' as const, 'after' as const),
        isDeath: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(fault, { maxLength: 6 }), async (faults) => {
          const target = await create();
          for (const { number, when, isDeath } of faults) {
            if (isDeath) await killedAt(target, number, when);
            else
              await drain(failingAt(target.connect(), number, when), serviceOf(rowsOf(10))).catch(() => {});
            await target.afterKill?.();
          }
          await drainToEnd(target);
          await expectComplete(target);
        }),
        { numRuns: sequences },
      );
    });

    it(`${name} answers with the position as it was written, whatever its fields are`, async () => {
      const target = await create();
      const first = target.connect();
      const { fence } = await first.open(JOB, OPEN);
      const later = { 'a later field': [1, { two: '"\n\u2028' }] };
      const failures = { target: 'failed.ndjson', last: ['{"item":{"name":"\\u2028"\\n"}}'], ...later };
      const written = position(fence, { cursor: { ...CURSOR, ...later }, failures });
      await first.write(rowsOf(2), written);
      await first.close();
      const second = target.connect();
      const opened = await second.open(JOB, OPEN);
      expect(opened.position).toEqual(written);
      expect(opened.fence).toBeGreaterThan(fence);
      await second.close();
    });

    it(`${name} keeps a position without rows`, async () => {
      const target = await create();
      const first = target.connect();
      const { fence } = await first.open(JOB, OPEN);
      await first.write(rowsOf(2), position(fence));
      await first.write([], position(fence, { cursor: { ...CURSOR, exhausted: true } }));
      await first.close();
      const second = target.connect();
      expect((await second.open(JOB, OPEN)).position?.cursor.exhausted).toBe(true);
      await second.close();
    });

    it(`${name} has no position once a run is finished`, async () => {
      const target = await create();
      await drain(target.connect(), serviceOf(rowsOf(10)));
      const next = target.connect();
      expect((await next.open(JOB, OPEN)).position).toBeUndefined();
      await next.close();
    });

    it(`${name} lets one run in, or refuses what an older one writes`, async () => {
      const target = await create();
      const older = target.connect();
      const { fence } = await older.open(JOB, OPEN);
      await older.write(rowsOf(2), position(fence));
      const newer = target.connect();
      const opened = await newer.open(JOB, OPEN).catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'ERR_FILE_LOCKED' });
      });
      if (opened) {
        const refused = { code: 'ERR_DESTINATION_FENCED' };
        await expect(older.write(rowsOf(4), position(fence))).rejects.toMatchObject(refused);
        await expect(older.write([], position(fence))).rejects.toMatchObject(refused);
        await expect(older.startOver?.(position(fence)) ?? Promise.reject(refused)).rejects.toMatchObject(
          refused,
        );
        await expect(older.finish({ ...position(fence), reason: 'exhausted' })).rejects.toMatchObject(
          refused,
        );
        await newer.close();
      }
      await older.close();
      await drainToEnd(target);
      const after = new Set((await target.published())?.map(({ Id }) => Id));
      expect(after).toEqual(new Set(rowsOf(10).map(({ Id }) => Id)));
    });

    it(`${name} refuses to resume another job, and keeps what it has`, async () => {
      const target = await create();
      await killedAt(target, 3, 'after');
      const service = serviceOf(rowsOf(10));
      await expect(drain(target.connect(), service, { operation: 'ListOthers' })).rejects.toMatchObject({
        code: 'ERR_CURSOR_MISMATCH',
        message: expect.stringContaining('cannot resume the unfinished run into '),
      });
      await drainToEnd(target);
      await expectComplete(target);
    });

    it(`${name} starts over by itself when the token of its position was rejected, if it can take back rows`, async () => {
      const target = await create();
      await killedAt(target, 4, 'after');
      const service = serviceOf(rowsOf(10, 2), { expired: 1 });
      const destination = target.connect();
      if (!destination.startOver) {
        await expect(drain(destination, service)).rejects.toMatchObject({ code: 'ERR_TOKEN_REJECTED' });
        return;
      }
      const receipt = await drain(destination, service);
      expect(await target.published()).toEqual(rowsOf(10, 2));
      expect(receipt).toMatchObject({ restarts: 1, resumed: 1, items: 10, written: 10, complete: true });
    });

    it.each(failures('before', 'after'))(
      `${name} has as many rows as a limit lets through when the process dies in $call, $when it took effect`,
      async ({ number, when }) => {
        const target = await create();
        await killedAt(target, number, when, { limit: 7 });
        const receipt = await drain(target.connect(), serviceOf(rowsOf(10)), { limit: 7 });
        expect(receipt).toMatchObject({ complete: false, end: 'limit', written: 7 });
        expect(await target.published()).toEqual(rowsOf(7));
      },
    );

    it(`${name} publishes as much as a limit lets through, and the next run begins from the first item`, async () => {
      const target = await create();
      const receipt = await drain(target.connect(), serviceOf(rowsOf(10)), { limit: 5 });
      expect(await target.published()).toEqual(rowsOf(5));
      expect(receipt).toMatchObject({ complete: false, end: 'limit', written: 5 });
      await drain(target.connect(), serviceOf(rowsOf(10, 2)));
      expect(await target.published()).toEqual(rowsOf(10, 2));
    });

    describe.skipIf(!keepsLeases)('with leases', () => {
      it(`${name} refuses a run whose lease is older than one it was opened with, even if that run is finished`, async () => {
        const target = await create();
        const [older, newer] = [target.connect(), target.connect()];
        const refused = { code: 'ERR_DESTINATION_FENCED', message: expect.stringContaining('a newer lease') };
        const { fence } = await newer.open(JOB, { ...OPEN, lease: { token: 2 } });
        await expect(older.open(JOB, { ...OPEN, lease: { token: 1 } })).rejects.toMatchObject(refused);
        await newer.write(rowsOf(2), position(fence));
        await newer.finish({ ...position(fence), reason: 'exhausted' });
        await newer.close();
        await expect(older.open(JOB, { ...OPEN, lease: { token: 1 } })).rejects.toMatchObject(refused);
        await drain(target.connect(), serviceOf(rowsOf(10)), { lease: { token: 2 } });
        await expectComplete(target);
      });

      it(`${name} refuses the writes of a run once one with a newer lease has opened it`, async () => {
        const target = await create();
        const [older, newer] = [target.connect(), target.connect()];
        const { fence } = await older.open(JOB, { ...OPEN, lease: { token: 1 } });
        await older.write(rowsOf(2), position(fence));
        const opened = await newer.open(JOB, { ...OPEN, lease: { token: 2 } });
        expect(opened.position).toEqual(position(fence));
        await expect(older.write(rowsOf(4), position(fence))).rejects.toMatchObject({
          code: 'ERR_DESTINATION_FENCED',
        });
        await older.close();
        await newer.close();
      });

      it(`${name} lets a run without a lease in, and one with the same lease again`, async () => {
        const target = await create();
        for (const lease of [{ token: 5 }, undefined, { token: 5 }, undefined]) {
          await drain(target.connect(), serviceOf(rowsOf(10)), { lease });
        }
        await expectComplete(target);
        const older = target.connect().open(JOB, { ...OPEN, lease: { token: 4 } });
        await expect(older).rejects.toMatchObject({ code: 'ERR_DESTINATION_FENCED' });
      });

      it.each([10, 7])(`${name} does not repeat a finished run of a name, of %d rows`, async (limit) => {
        const target = await create();
        const first = await drain(target.connect(), serviceOf(rowsOf(10)), {
          limit,
          lease: { token: 1, run: 'a' },
        });
        let requests = 0;
        const counted: FetchPage<Row> = (...call) => {
          requests++;
          return serviceOf(rowsOf(10, 2))(...call);
        };
        const again = await drain(target.connect(), counted, { limit, lease: { token: 2, run: 'a' } });
        expect(again).toMatchObject({ end: first.end, written: limit, items: first.items, resumed: 1 });
        expect(requests).toBe(0);
        expect(await target.published()).toEqual(rowsOf(limit));
        const next = await drain(target.connect(), counted, { limit, lease: { token: 3, run: 'b' } });
        expect(next).toMatchObject({ written: limit, resumed: 0 });
        expect(await target.published()).toEqual(rowsOf(limit, 2));
      });
    });
  });

  async function expectComplete(target: DestinationTarget): Promise<void> {
    expect(await target.published()).toEqual(rowsOf(10));
  }
}

const JOB = { query: { operation: 'ListRows', input: {} }, chain: [] };
const CURSOR = { version: 2, offset: 2, key: 'r1', query: JOB.query } as const;
const OPEN = { signal: new AbortController().signal };

function position(fence: number, more: Partial<DrainPosition> = {}): DrainPosition {
  const counts = {
    pages: 1,
    items: 2,
    written: 2,
    failed: 0,
    requests: 1,
    throttles: 0,
    waitedMs: 0,
    restarts: 0,
  };
  const totals = { startedAt: '2026-01-01T00:00:00.000Z', ...counts, resumed: 0 };
  return { fence, cursor: CURSOR, totals, ...more };
}

class TokenExpired extends Error {}

/** A service whose tokens are the same in every run; `expired` of them, the first it is sent, have expired. */
function serviceOf(rows: readonly Row[], { expired = 0 } = {}): FetchPage<Row> {
  let left = expired;
  return async (token) => {
    if (token !== undefined && left-- > 0) throw new TokenExpired();
    const at = Number(token ?? 0);
    return {
      items: rows.slice(at, at + PAGE),
      next: at + PAGE < rows.length ? String(at + PAGE) : undefined,
    };
  };
}

interface DrainRun extends DrainOptions {
  readonly operation?: string;
  readonly limit?: number;
}

function drain(
  destination: Destination<Row>,
  service: FetchPage<Row>,
  { operation = 'ListRows', limit = Number.POSITIVE_INFINITY, ...options }: DrainRun = {},
) {
  const rows = fromPages(service, {
    query: { operation },
    retry: false,
    isTokenRejected: (error) => error instanceof TokenExpired,
  });
  const limited = limit === Number.POSITIVE_INFINITY ? rows : rows.take(limit);
  return limited.drainTo(destination, { batch: BATCH, ...options });
}

/** The next runs of the job, until one is through: a call that failed may have had its effect all the same. */
async function drainToEnd(target: DestinationTarget): Promise<void> {
  const receipt = await drain(target.connect(), serviceOf(rowsOf(10)));
  expect(receipt).toMatchObject({ complete: true, items: 10, written: 10 });
}

function failures(...whens: readonly ('before' | 'after')[]) {
  return CALLS.flatMap((method, at) =>
    whens.map((when) => ({ call: `call ${at + 1} (${method})`, number: at + 1, when })),
  );
}

/** A destination whose call of that number throws, before or after it has had its effect. */
function failingAt(
  destination: Destination<Row>,
  number: number,
  when: 'before' | 'after',
): Destination<Row> {
  return atCall(destination, number, async (call) => {
    if (when === 'after') await call();
    throw new Error('injected');
  });
}

/** A run whose process ends within the call of that number, if it comes to it: nothing is called after it. */
async function killedAt(
  target: DestinationTarget,
  number: number,
  when: 'before' | 'after',
  options?: DrainRun,
): Promise<void> {
  await new Promise<void>((resolve) => {
    const destination = atCall(target.connect(), number, async (call) => {
      if (when === 'after') await call();
      resolve();
      return new Promise(() => {});
    });
    drain(destination, serviceOf(rowsOf(10)), options).then(
      () => resolve(),
      () => resolve(),
    );
  });
  await target.afterKill?.();
}

function atCall(
  destination: Destination<Row>,
  number: number,
  at: (call: () => Promise<unknown>) => Promise<unknown>,
): Destination<Row> {
  let count = 0;
  return new Proxy(destination, {
    get(inner, name) {
      const member: unknown = Reflect.get(inner, name);
      if (typeof member !== 'function') return member;
      return (...values: unknown[]) => {
        const call = async (): Promise<unknown> => member.apply(inner, values);
        return ++count === number ? at(call) : call();
      };
    },
  });
}
