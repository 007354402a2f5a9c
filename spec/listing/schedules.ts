import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Cursor } from '../../lib/core/cursor.js';
import type { Listing } from '../../lib/listing/listing.js';
import { fail, hang, modelService, type Person } from './model-service.js';

/** The promises of a traversal, in so many random schedules of breaks, aborts, faults and resumes. */
export function describeSchedules(schedules: number): void {
  const runs = (share: number) => ({ numRuns: Math.ceil(schedules * share) });

  it('random breaks, aborts, faults and resumes deliver exactly what an undisturbed run delivers', {
    timeout: TIMEOUT_MS,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(schedule(exact), async (plan) => {
        expect(await run(plan)).toEqual(expected(plan));
      }),
      { ...runs(0.45), timeout: HANG_MS },
    );
  });

  it('chunks that each start where a limit ended the previous one deliver the same items', {
    timeout: TIMEOUT_MS,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(schedule(exact), fc.integer({ min: 1, max: 5 }), async (plan, size) => {
        fc.pre(!plan.chain.some(({ name }) => name.startsWith('take')));
        const inChunks = { ...plan, chain: [...plan.chain, limit(size)] };
        expect(await run(inChunks, 'exhausted')).toEqual(expected(plan));
      }),
      runs(0.2),
    );
  });

  it('operators that hold several items at a time deliver every item at least once', {
    timeout: TIMEOUT_MS,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(schedule(exact, [repeating]), async (plan) => {
        // distinctBy forgets what it saw between two runs; and if results come in any order, so do counts.
        const names = plan.chain.map(({ name }) => name).join(' ');
        fc.pre(!/distinctBy|unordered.*(take|drop)/.test(names));
        expect(new Set(await run(plan).then(idsOf))).toEqual(new Set(idsOf(expected(plan))));
      }),
      runs(0.3),
    );
  });

  it('an undisturbed run delivers what the array methods deliver', { timeout: TIMEOUT_MS }, async () => {
    await fc.assert(
      fc.asyncProperty(schedule(exact, [repeating]), async ({ stops: _, ...plan }) => {
        fc.pre(!plan.chain.some(({ name }) => name.includes('unordered')));
        expect(await run({ ...plan, stops: [] })).toEqual(expected(plan));
      }),
      runs(0.1),
    );
  });
}

const TIMEOUT_MS = 300_000;
/** A schedule takes a millisecond; one that takes so long hangs. */
const HANG_MS = 60_000;

/** An operator and what it does to the whole list of values. */
interface Operator {
  readonly name: string;
  readonly on: (listing: Listing<Person>) => Listing<Person>;
  readonly inMemory: (people: Person[]) => Person[];
}

const number = ({ id }: Person) => Number.parseInt(id.slice(1), 10);
const twin = (one: Person): Person[] => (number(one) % 3 === 0 ? [one, { ...one, id: `${one.id}b` }] : []);

/** How many more callback calls until one misbehaves, and how it does. */
const trap = { left: Number.POSITIVE_INFINITY, spring: () => {} };

function step(): void {
  if (trap.left-- === 0) trap.spring();
}

/** Some take longer than others, and some fail. */
async function slowly(one: Person): Promise<Person> {
  for (let turn = 0; turn < number(one) % 3; turn++) await null;
  step();
  return one;
}

/** As {@link twin}, an iterable that may fail at any moment. */
function* twins(one: Person): Generator<Person> {
  for (const each of twin(one)) {
    step();
    yield each;
  }
  step();
}

const exact: fc.Arbitrary<Operator> = fc.oneof(
  fc.integer({ min: 1, max: 4 }).map((n) => {
    const keeps = (one: Person) => number(one) % n === 0;
    return op(
      `filter(${n})`,
      (l) => l.tap(step).filter(keeps),
      (a) => a.filter(keeps),
    );
  }),
  fc.constant(
    op(
      'map',
      (l) => l.map((one) => ({ ...one })),
      (a) => a,
    ),
  ),
  fc.constant(
    op(
      'tap',
      (l) => l.tap(step),
      (a) => a,
    ),
  ),
  fc.nat(12).map((n) =>
    op(
      `take(${n})`,
      (l) => l.take(n),
      (a) => a.slice(0, n),
    ),
  ),
  fc.nat(6).map((n) =>
    op(
      `drop(${n})`,
      (l) => l.drop(n),
      (a) => a.slice(n),
    ),
  ),
  fc.nat(40).map((n) => {
    const isBelow = (one: Person) => number(one) < n;
    return op(
      `takeWhile(${n})`,
      (l) => l.takeWhile(isBelow),
      (a) => a.slice(0, lead(a, isBelow)),
    );
  }),
  fc.nat(20).map((n) => {
    const isBelow = (one: Person) => number(one) < n;
    return op(
      `dropWhile(${n})`,
      (l) => l.dropWhile(isBelow),
      (a) => a.slice(lead(a, isBelow)),
    );
  }),
  fc.constant(
    op(
      'mapAsync',
      (l) => l.mapAsync(slowly, { concurrency: 3 }),
      (a) => a,
    ),
  ),
  fc.constant(
    op(
      'prefetch',
      (l) => l.prefetch(2),
      (a) => a,
    ),
  ),
  fc.constant(
    op(
      'flatMap',
      (l) => l.flatMap(twins),
      (a) => a.flatMap(twin),
    ),
  ),
  fc.integer({ min: 1, max: 4 }).map((n) =>
    op(
      `batch(${n})`,
      (l) => l.batch(n).flatMap((some) => [...some]),
      (a) => a,
    ),
  ),
  fc.constant(
    op(
      'pages',
      (l) => l.pages().flatMap(({ items }) => items),
      (a) => a,
    ),
  ),
);

const repeating: fc.Arbitrary<Operator> = fc.oneof(
  fc.constant(
    op(
      'mapAsync unordered',
      (l) => l.mapAsync(slowly, { concurrency: 3, ordered: false }),
      (a) => a,
    ),
  ),
  fc.constant(op('distinctBy', (l) => l.distinctBy(({ name }) => name.slice(-1)), distinct)),
);

/**
 * What ends a run after a number of items or, within a callback, of callback calls: it is stopped, aborted or fails. The
 * next run starts from its cursor.
 */
const stop = fc.record({
  how: fc.constantFrom(
    'break',
    'abort',
    'fail',
    'retry',
    'throw within',
    'throw within, then continue',
    'return within',
    'abort within',
    'hang',
  ),
  after: fc.nat(9),
});

const schedule = (operator: fc.Arbitrary<Operator>, others: fc.Arbitrary<Operator>[] = []) =>
  fc.record({
    people: fc.nat(40),
    pageSize: fc.integer({ min: 1, max: 7 }),
    chain: fc
      .tuple(fc.array(operator, { maxLength: 4 }), ...others, fc.array(operator, { maxLength: 2 }))
      .map((parts) => parts.flat() as Operator[])
      .filter((chain) => isPaged(chain)),
    stops: fc.array(stop, { maxLength: 8 }),
  });

/** A limit, which in memory is the size of a chunk and drops nothing. */
function limit(size: number): Operator {
  return op(
    `take(${size})`,
    (l) => l.take(size),
    (a) => a,
  );
}

interface Plan {
  readonly people: number;
  readonly pageSize: number;
  readonly chain: readonly Operator[];
  readonly stops: readonly { how: string; after: number }[];
}

function expected({ people, pageSize, chain }: Omit<Plan, 'stops'>): Person[] {
  return chain.reduce((list, { inMemory }) => inMemory(list), modelService(people, pageSize).people);
}

/** Collects the acknowledged items through all the stops, up to the end of the listing or the first end of kind `until`. */
async function run(
  { people, pageSize, chain, stops }: Plan,
  until: 'limit' | 'exhausted' = 'limit',
): Promise<Person[]> {
  const service = modelService(people, pageSize);
  const listing = chain.reduce((source, { on }) => on(source), service.listing());
  const handled: Person[] = [];
  let from: Cursor | undefined;
  // Each run that is not stopped delivers an item at the least, or is the last.
  const mostRuns = stops.length + expected({ people, pageSize, chain }).length + 1;
  for (let n = 0; n < mostRuns; n++) {
    const { how, after } = stops[n] ?? { how: 'run', after: Number.POSITIVE_INFINITY };
    const controller = new AbortController();
    const walk = listing.open({ from, signal: controller.signal });
    let left = after;
    const read = async () => {
      for await (const item of walk) {
        if (left-- <= 0 && how === 'break') return;
        if (left < 0 && how === 'abort') controller.abort(new Error('stop'));
        // Asking for the next item acknowledges this one, unless the traversal was stopped or aborted before.
        if (!controller.signal.aborted && !walk.end) handled.push(item);
      }
    };
    if (how === 'fail' || how === 'retry') service.faults.set(service.requests.length + after, fail());
    if (how.includes('within')) {
      trap.left = after;
      trap.spring = () => {
        if (how.startsWith('throw')) throw new Error('a callback failed');
        if (how.startsWith('abort')) controller.abort(new Error('stop'));
        else void walk.return();
      };
    }
    if (how === 'hang') service.faults.set(service.requests.length + after, hangUntil(controller));
    await read().catch(() => {});
    if (how === 'retry' || how === 'throw within, then continue') {
      trap.left = Number.POSITIVE_INFINITY;
      if (walk.end?.reason === 'failed') await read();
    }
    service.faults.clear();
    trap.left = Number.POSITIVE_INFINITY;
    if (walk.end?.reason === 'exhausted' || walk.end?.reason === until) return handled;
    from = Cursor.parse(JSON.stringify(walk.cursor));
  }
  throw new Error('the listing does not end');
}

function hangUntil(controller: AbortController): typeof hang {
  return (page, call) => {
    queueMicrotask(() => controller.abort(new Error('stop')));
    return hang(page, call);
  };
}

function op(name: string, on: Operator['on'], inMemory: Operator['inMemory']): Operator {
  return { name, on, inMemory };
}

function lead(people: Person[], predicate: (one: Person) => boolean): number {
  const end = people.findIndex((one) => !predicate(one));
  return end < 0 ? people.length : end;
}

function distinct(people: Person[]): Person[] {
  const seen = new Set<string>();
  return people.filter(({ name }) => !seen.has(name.slice(-1)) && seen.add(name.slice(-1)));
}

/** pages() does not follow mapAsync, batch or another pages(). */
function isPaged(chain: readonly Operator[]): boolean {
  const at = chain.findLastIndex(({ name }) => name === 'pages');
  return at < 0 || !chain.slice(0, at).some(({ name }) => /mapAsync|batch|pages/.test(name));
}

function idsOf(people: readonly Person[]): string[] {
  return people.map(({ id }) => id);
}
