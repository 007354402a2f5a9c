import { getEventListeners } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { PageturnError } from '../../lib/core/errors.js';
import { fromPages } from '../../lib/from-pages.js';
import type { Listing } from '../../lib/listing/listing.js';
import type { Traversal } from '../../lib/listing/traversal/traversal.js';
import { fail, hang, ids, ignore, LEAVINGS, modelService, type Person, stubborn } from './model-service.js';

describe('a traversal', () => {
  it('a traversal delivers every item of every page in order and ends as exhausted', async () => {
    const service = modelService(10);
    const walk = service.listing().open();
    const seen: Person[] = [];
    for await (const item of walk) seen.push(item);
    expect(seen).toEqual(service.people);
    expect(walk.end).toMatchObject({ reason: 'exhausted', restarts: 0 });
    expect(walk.stats).toMatchObject({ pages: 4, itemsSeen: 10, itemsYielded: 10 });
  });

  it('a traversal sends nothing until it is iterated, then one request per page', async () => {
    const service = modelService(6);
    const listing = service.listing();
    const walk = listing.open();
    expect(service.requests).toEqual([]);
    await walk.next();
    expect(service.requests).toEqual([undefined]);
    expect(walk.end).toBeUndefined();
  });

  it('every loop over the same listing is a separate traversal', async () => {
    const listing = modelService(4).listing();
    const [one, other] = await Promise.all([listing.toArray(), listing.toArray()]);
    expect(one).toEqual(other);
    expect(await listing.toArray()).toHaveLength(4);
  });

  it('an empty page does not end a traversal', async () => {
    const service = modelService(4, 2);
    const walk = service.listing().open();
    const answer: Person[] = [];
    service.faults.set(1, async () => ({ items: [], next: 'name-0001x' }));
    for await (const item of walk) answer.push(item);
    expect(answer).toEqual(service.people);
    expect(walk.stats.pages).toBe(3);
  });

  it('a page without items counts as empty', async () => {
    const service = modelService(1);
    service.faults.set(0, async () => ({ next: undefined }));
    expect(await service.listing().toArray()).toEqual([]);
  });

  it.each([
    ['items that are not an array', { items: 'abc', next: null }, /items must be an array, received string/],
    ['a token that is not a string', { items: [], next: 7 }, /next token must be a string, received number/],
    [
      'a page whose token has another name',
      { items: [], nextToken: '50' },
      /no member "nextToken"; known are items, next, total, output/,
    ],
    [
      'a page without next',
      { items: [] },
      /does not say what comes next; set next to undefined on the last page/,
    ],
    ['undefined in place of a page', undefined, /must resolve to a page/],
  ])('a traversal fails on %s', async (_what, page, message) => {
    const service = modelService(1);
    service.faults.set(0, async () => page as never);
    await expect(service.listing().toArray()).rejects.toMatchObject({
      code: 'ERR_PAGE_INVALID',
      message: expect.stringMatching(message),
    });
  });

  it('overlapping calls of next() are answered in order, each with another item', async () => {
    const service = modelService(5, 2);
    const walk = service.listing().open();
    const answers = await Promise.all(Array.from({ length: 7 }, () => walk.next()));
    expect(answers.map(({ value }) => value?.id)).toEqual([
      'p0',
      'p1',
      'p2',
      'p3',
      'p4',
      undefined,
      undefined,
    ]);
    expect(service.requests).toHaveLength(3);
  });

  it('a traversal refuses a second consumer while the first is iterating', async () => {
    const walk = modelService(5).listing().open();
    for await (const _ of walk) {
      expect(() => walk[Symbol.asyncIterator]()).toThrow(
        expect.objectContaining({ code: 'ERR_TRAVERSAL_BUSY' }),
      );
    }
    expect(walk.end?.reason).toBe('exhausted');
  });

  it('an exhausted traversal stays exhausted and sends nothing more', async () => {
    const service = modelService(2);
    const walk = service.listing().open();
    for await (const _ of walk);
    expect(await walk.next()).toEqual({ value: undefined, done: true });
    expect(service.requests).toHaveLength(1);
  });
});

describe('a traversal that its consumer leaves', () => {
  it.each(LEAVINGS)('the current item comes again after %s', async (_how, leave) => {
    const service = modelService(8);
    const walk = service.listing().open();
    await leave(walk);
    expect(walk.end).toMatchObject({ reason: 'stopped' });
    const rest: Person[] = [];
    for await (const item of service.listing().open({ from: walk.cursor })) rest.push(item);
    expect(ids(rest)).toEqual(['p4', 'p5', 'p6', 'p7']);
  });

  it('return() during a request cancels the request and resolves the waiting next() as done', async () => {
    const service = modelService(8);
    service.faults.set(1, ignore);
    const walk = service.listing().open();
    for (let i = 0; i < 3; i++) await walk.next();
    const waiting = walk.next();
    await walk.return();
    expect(await waiting).toEqual({ value: undefined, done: true });
    expect(service.signals[1]?.aborted).toBe(true);
    expect(walk.cursor).toMatchObject({ token: 'name-0002', offset: 0 });
  });

  it('a traversal is left at the end of a block that holds it with `await using`', async () => {
    const walk = modelService(8).listing().open();
    await walk.next();
    await walk[Symbol.asyncDispose]();
    expect(walk.end?.reason).toBe('stopped');
  });
});

describe('a traversal that a callback ends', () => {
  it.each<[string, (listing: Listing<Person>, leave: () => void) => Listing<unknown>]>([
    [
      'before a filter',
      (listing, leave) => listing.tap(({ id }) => id === 'p4' && leave()).filter(() => false),
    ],
    ['before a batch', (listing, leave) => listing.tap(({ id }) => id === 'p4' && leave()).batch(20)],
    [
      'in mapAsync',
      (listing, leave) => listing.mapAsync(({ id }) => id === 'p4' && leave()).filter(() => false),
    ],
  ])(
    'return() from a callback stops the traversal without another request (%s)',
    async (_operator, through) => {
      const service = modelService(20);
      const walk = through(service.listing(), () => void walk.return()).open();
      expect(await walk.next()).toEqual({ value: undefined, done: true });
      await new Promise(setImmediate);
      expect(walk.end?.reason).toBe('stopped');
      expect(service.requests).toHaveLength(2);
    },
  );

  type Through = (listing: Listing<Person>, leave: (id: string) => void) => Listing<string>;
  const inFlatMap: [string, Through][] = [
    [
      'in its callback',
      (l, leave) =>
        l.flatMap(({ id }) => {
          leave(id);
          return [`${id}a`, `${id}b`];
        }),
    ],
    ['in its iterable', (l, leave) => l.flatMap(({ id }) => twins(id, () => leave(id)))],
    [
      'in an operator after it',
      (l, leave) => l.flatMap(({ id }) => twins(id)).tap((id) => leave(id.slice(0, 2))),
    ],
    [
      'in its iterable, before a batch',
      (l, leave) =>
        l
          .flatMap(({ id }) => twins(id, () => leave(id)))
          .batch(2)
          .flatMap((two) => [...two]),
    ],
  ];
  const ways: [string, (walk: Traversal<string>, controller: AbortController) => void][] = [
    ['stopped', (walk) => void walk.return()],
    ['aborted', (_walk, controller) => controller.abort('enough')],
  ];
  it.each(
    inFlatMap.flatMap(([where, through]) =>
      ways.map(([end, leave]) => [where, end, through, leave] as const),
    ),
  )(
    'a traversal that ends within a flatMap loses nothing and closes open iterables (%s, %s)',
    async (_where, end, through, leave) => {
      const controller = new AbortController();
      const walk: Traversal<string> = through(modelService(6, 6).listing(), (id) => {
        if (id === 'p2') leave(walk, controller);
      }).open({ signal: controller.signal });
      const seen: string[] = [];
      const read = async (values: AsyncIterable<string>) => {
        for await (const value of values) seen.push(value);
      };
      await read(walk).catch((reason: unknown) => expect(reason).toBe('enough'));
      expect(walk.end?.reason).toBe(end);
      expect(opened).toEqual(new Set());
      await read(through(modelService(6, 6).listing(), () => {}).open({ from: walk.cursor }));
      expect(seen).toEqual(modelService(6).people.flatMap(({ id }) => [`${id}a`, `${id}b`]));
    },
  );

  it.each(ways)('a traversal that ends before a mapAsync starts no more work (%s)', async (_end, leave) => {
    const controller = new AbortController();
    const started: string[] = [];
    const walk: Traversal<string> = modelService(6, 6)
      .listing()
      .tap(({ id }) => {
        if (id === 'p2') leave(walk, controller);
      })
      .mapAsync(async ({ id }) => {
        started.push(id);
        return id;
      })
      .open({ signal: controller.signal });
    await walk.next().catch(() => {});
    await new Promise(setImmediate);
    expect(started).toEqual(['p0', 'p1']);
    expect(walk.cursor.offset).toBe(0);
  });

  /** The iterables of {@link twins} that were opened and not closed. */
  const opened = new Set<string>();

  function* twins(id: string, onValue = () => {}): Generator<string> {
    opened.add(id);
    try {
      for (const letter of ['a', 'b']) {
        onValue();
        yield `${id}${letter}`;
      }
    } finally {
      opened.delete(id);
    }
  }

  it('return() from a mapAsync callback starts no further callbacks', async () => {
    const started: string[] = [];
    const walk: Traversal<unknown> = modelService(20, 20)
      .listing()
      .mapAsync(({ id }) => {
        started.push(id);
        if (id === 'p2') void walk.return();
      })
      .open();
    await walk.next();
    expect(started).toEqual(['p0', 'p1', 'p2']);
  });

  it('return() from within a fetch does not wait for that fetch', async () => {
    const service = modelService(3);
    const walk = service.listing().open();
    service.faults.set(0, (page, call) => {
      void walk.return();
      return ignore(page, call);
    });
    expect(await walk.next()).toEqual({ value: undefined, done: true });
  });
});

describe('a traversal that is aborted', () => {
  it('an aborted traversal throws the reason at once, even if the request ignores its signal', async () => {
    const service = modelService(8);
    service.faults.set(1, ignore);
    const controller = new AbortController();
    const walk = service.listing().open({ signal: controller.signal });
    for (let i = 0; i < 3; i++) await walk.next();
    const waiting = walk.next();
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(walk.end).toMatchObject({ reason: 'aborted', cause: reason });
    await expect(walk.next()).rejects.toBe(reason);
    expect(service.signals[1]?.aborted).toBe(true);
  });

  it('an aborted traversal throws the reason even if an iterable of a flatMap throws when it is closed', async () => {
    const controller = new AbortController();
    const walk = modelService(8)
      .listing()
      .flatMap(() => stubborn([1]))
      .open({ signal: controller.signal });
    await walk.next();
    controller.abort('enough');
    await expect(walk.next()).rejects.toBe('enough');
  });

  it('an abort between two items delivers no further item and keeps the current one', async () => {
    const service = modelService(8);
    const controller = new AbortController();
    const walk = service.listing().open({ signal: controller.signal });
    await walk.next();
    await walk.next();
    controller.abort(new Error('enough'));
    await expect(walk.next()).rejects.toThrow('enough');
    expect(walk.cursor).toMatchObject({ offset: 1, key: 'p0' });
  });

  it('a listing whose signal has already aborted sends nothing', async () => {
    const service = modelService(8);
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(service.listing({ signal }).toArray()).rejects.toThrow('too late');
    expect(service.requests).toEqual([]);
  });

  it('an abort from a callback stops a flatMap whose values are all filtered out', async () => {
    const controller = new AbortController();
    let calls = 0;
    const walk = modelService(3)
      .listing()
      .flatMap(function* () {
        for (let i = 0; i < 1000; i++) yield i;
      })
      .filter(() => {
        if (++calls === 5) controller.abort('enough');
        return false;
      })
      .open({ signal: controller.signal });
    await expect(walk.next()).rejects.toBe('enough');
    expect(calls).toBe(5);
  });

  it('an abort from a callback ends toArray() in the middle of a page', async () => {
    const controller = new AbortController();
    let calls = 0;
    const reading = modelService(9, 9)
      .listing({ signal: controller.signal })
      .tap(() => {
        if (++calls === 5) controller.abort('enough');
      })
      .toArray();
    await expect(reading).rejects.toBe('enough');
    expect(calls).toBe(5);
  });

  it('an abort while everything is filtered out does not wait for prefetched pages', async () => {
    const service = modelService(8, 1);
    service.faults.set(3, hang);
    const controller = new AbortController();
    const walk = service
      .listing()
      .filter(({ id }) => {
        if (id === 'p1') controller.abort(new Error('enough'));
        return false;
      })
      .prefetch(2)
      .open({ signal: controller.signal });
    await expect(walk.next()).rejects.toThrow('enough');
  });

  it('an abort cancels a prefetch while the consumer asks for nothing', async () => {
    const service = modelService(8);
    service.faults.set(1, hang);
    const controller = new AbortController();
    const walk = service.listing().prefetch(1).open({ signal: controller.signal });
    await walk.next();
    controller.abort(new Error('enough'));
    expect(service.signals[1]?.aborted).toBe(true);
    await expect(walk.next()).rejects.toThrow('enough');
  });

  it('an abort from a filter sends no further request and leaves no listener on any signal', async () => {
    const service = modelService(9);
    service.faults.set(1, ignore);
    const [own, other] = [new AbortController(), new AbortController()];
    const walk = service
      .listing({ signal: own.signal })
      .filter(({ id }) => {
        if (id === 'p2') own.abort(new Error('enough'));
        return false;
      })
      .open({ signal: other.signal });
    await expect(walk.next()).rejects.toThrow('enough');
    expect(service.requests).toHaveLength(1);
    const left = [own, other].flatMap(({ signal }) => getEventListeners(signal, 'abort'));
    expect(left).toEqual([]);
  });
});

describe('a traversal that fails', () => {
  it('a failed traversal throws an error with cause and cursor, and the next loop retries the page', async () => {
    const service = modelService(8);
    service.faults.set(1, fail('no page today'));
    const walk = service.listing().open();
    const seen: Person[] = [];
    const failure = await (async () => {
      for await (const item of walk) seen.push(item);
    })().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PageturnError);
    expect(failure).toMatchObject({
      code: 'ERR_REQUEST_FAILED',
      cause: expect.objectContaining({ message: 'no page today' }),
      cursor: { token: 'name-0002', offset: 0 },
    });
    expect(walk.end).toMatchObject({ reason: 'failed', error: failure });
    for await (const item of walk) seen.push(item);
    expect(seen).toEqual(service.people);
    expect(walk.end?.reason).toBe('exhausted');
  });

  it('a failed traversal accepts another loop, even after a next() call that retried the page', async () => {
    const service = modelService(8);
    service.faults.set(1, fail());
    const walk = service.listing().open();
    const seen: Person[] = [];
    const read = async () => {
      for await (const item of walk) seen.push(item);
    };
    await expect(read()).rejects.toMatchObject({ code: 'ERR_REQUEST_FAILED' });
    const { value } = await walk.next();
    if (value) seen.push(value);
    await read();
    expect(ids(seen)).toEqual(ids(service.people));
  });

  it('an undefined key fails with the first page, and a number counts as a string', async () => {
    const service = modelService(3);
    await expect(service.listing({ key: () => undefined as never }).toArray()).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      message: expect.stringMatching(/^what key returns must be a non-empty string, .* received undefined$/),
    });
    const walk = service.listing({ key: () => 7 as never }).open();
    await walk.next();
    await walk.next();
    expect(walk.cursor.key).toBe('7');
  });

  it('a failed traversal stays failed after return() and does not continue', async () => {
    const service = modelService(8);
    service.faults.set(1, fail());
    const walk = service.listing().open();
    const failure: unknown = await pipeline(Readable.from(walk), async (people) => {
      for await (const _ of people);
    }).catch((error: unknown) => error);
    expect(walk.end).toMatchObject({ reason: 'failed', error: failure });
    expect(await walk.next()).toEqual({ value: undefined, done: true });
    expect(service.requests).toHaveLength(2);
  });

  it('a key function that throws is ERR_CALLBACK_FAILED, and the default key accepts circular items', async () => {
    const key = () => {
      throw new RangeError('no key');
    };
    await expect(modelService(3).listing({ key }).toArray()).rejects.toMatchObject({
      code: 'ERR_CALLBACK_FAILED',
      message: 'the callback of key failed: RangeError',
      cause: expect.any(RangeError),
    });
    const ring: Record<string, unknown> = {};
    ring['self'] = ring;
    expect(await fromPages(async () => ({ items: [ring], next: undefined })).toArray()).toEqual([ring]);
  });

  it('the message of a failure contains no names and no tokens', async () => {
    const service = modelService(8);
    service.faults.set(1, fail('name-0002 is secret'));
    const failure: unknown = await service
      .listing()
      .toArray()
      .catch((error: unknown) => error);
    expect(String(failure)).not.toContain('name-0002');
  });
});

describe('a repeated token', () => {
  const cycle = (distance: number) => {
    const service = modelService(20, 2);
    service.faults.set(3, async (page) => ({
      ...(await page()),
      next: service.requests[3 - distance] as string,
    }));
    return service;
  };

  it.each([0, 1, 2])(
    'a token repeated from %i pages back fails the traversal, which keeps its position',
    async (distance) => {
      const service = cycle(distance);
      const walk = service.listing().open();
      const seen: Person[] = [];
      await expect(
        (async () => {
          for await (const item of walk) seen.push(item);
        })(),
      ).rejects.toMatchObject({ code: 'ERR_TOKEN_CYCLE' });
      expect(ids(seen)).toEqual(ids(service.people.slice(0, 8)));
      expect(service.requests).toHaveLength(4);
      expect(walk.cursor).toMatchObject({ offset: 2, key: 'p7' });
    },
  );

  it("a repeated token is the end with onCycle: 'stop'", async () => {
    const service = cycle(1);
    const walk = service.listing({ onCycle: 'stop' }).open();
    let count = 0;
    for await (const _ of walk) count++;
    expect([count, walk.end?.reason]).toEqual([8, 'exhausted']);
  });
});

describe('a rejected token', () => {
  const rejecting = (options: object) => {
    const service = modelService(8, 2);
    service.faults.set(2, fail('token expired'));
    return {
      service,
      listing: service.listing({
        isTokenRejected: (error) => error instanceof Error && error.message === 'token expired',
        ...options,
      }),
    };
  };

  it('a rejected token ends the traversal with ERR_TOKEN_REJECTED', async () => {
    await expect(rejecting({}).listing.toArray()).rejects.toMatchObject({
      code: 'ERR_TOKEN_REJECTED',
      message: expect.stringContaining("pass onTokenRejected: 'restart'"),
    });
  });

  it("a rejected token starts the listing over with onTokenRejected: 'restart', and the end counts it", async () => {
    const { service, listing } = rejecting({ onTokenRejected: 'restart' });
    const walk = listing.open();
    const seen: Person[] = [];
    for await (const item of walk) seen.push(item);
    expect(ids(seen)).toEqual([...ids(service.people.slice(0, 4)), ...ids(service.people)]);
    expect(walk.end).toMatchObject({ reason: 'exhausted', restarts: 1 });
  });

  it('a token that is rejected again without progress is an error, which does not advise what is already done', async () => {
    const { service, listing } = rejecting({ onTokenRejected: 'restart' });
    service.faults.set(5, fail('token expired'));
    await expect(listing.toArray()).rejects.toMatchObject({
      code: 'ERR_TOKEN_REJECTED',
      message: expect.stringMatching(/^(?!.*onTokenRejected).*rejected again.*; run again later/),
    });
  });

  it('a listing still starts over after the first request of the restart fails with prefetched pages pending', async () => {
    const service = modelService(10, 2);
    const reject = () => Promise.reject(new Error('token expired'));
    service.faults.set(3, reject);
    service.faults.set(4, fail());
    const walk = service
      .listing({
        onTokenRejected: 'restart',
        isTokenRejected: (error) => error instanceof Error && error.message === 'token expired',
      })
      .prefetch(2)
      .open();
    const seen: Person[] = [];
    const read = async () => {
      for await (const item of walk) {
        seen.push(item);
        await new Promise(setImmediate);
      }
    };
    await expect(read()).rejects.toMatchObject({ code: 'ERR_REQUEST_FAILED' });
    service.faults.set(5, (page) => (service.requests[5] === undefined ? page() : reject()));
    await read();
    expect(new Set(ids(seen))).toEqual(new Set(ids(service.people)));
    expect(walk.end).toMatchObject({ reason: 'exhausted', restarts: 1 });
  });
});

// The pages after the rejected one are fetched again: their tokens must not count as repeated.
it('a listing that starts over continues after a callback fails with prefetched pages pending', async () => {
  const service = modelService(16, 2);
  service.faults.set(2, fail('token expired'));
  let looks = 0;
  const walk = service
    .listing({
      onTokenRejected: 'restart',
      isTokenRejected: (error) => error instanceof Error && error.message === 'token expired',
    })
    .prefetch(3)
    .tap(({ id }) => {
      if (id === 'p0' && ++looks === 2) throw new Error('not this time');
    })
    .open();
  const seen: Person[] = [];
  const read = async () => {
    for await (const person of walk) {
      seen.push(person);
      await new Promise(setImmediate);
    }
  };
  await expect(read()).rejects.toMatchObject({ code: 'ERR_CALLBACK_FAILED' });
  await read();
  expect(new Set(ids(seen))).toEqual(new Set(ids(service.people)));
  expect(walk.end).toMatchObject({ reason: 'exhausted', restarts: 1 });
});

describe('prefetch', () => {
  it('prefetch(2) fetches two pages ahead while the consumer works, and no more', async () => {
    const service = modelService(30);
    const walk = service.listing().prefetch(2).open();
    await walk.next();
    await new Promise(setImmediate);
    expect(service.requests).toHaveLength(3);
    await walk.return();
  });

  it('prefetch fetches no page that a take makes unnecessary', async () => {
    const service = modelService(30);
    expect(await service.listing().prefetch(5).take(6).toArray()).toHaveLength(6);
    await new Promise(setImmediate);
    expect(service.requests).toHaveLength(2);
  });

  // A page that was delivered but is not yet known downstream counts too, no matter when the next one arrives.
  it.each([0, 1, 2, 3, 4, 5, 6])(
    'prefetch fetches no page past a limit if the consumer waits %i turns per item',
    async (turns) => {
      const service = modelService(10, 1);
      for await (const _ of service.listing().take(3).prefetch(2)) {
        for (let turn = 0; turn < turns; turn++) await null;
      }
      await new Promise(setImmediate);
      expect(service.requests).toHaveLength(3);
    },
  );

  it('prefetch works after a flatMap', async () => {
    const service = modelService(30);
    const walk = service
      .listing()
      .flatMap((one) => [one])
      .prefetch(2)
      .open();
    await walk.next();
    await new Promise(setImmediate);
    expect(service.requests).toHaveLength(3);
    await walk.return();
  });

  it('break cancels a prefetch', async () => {
    const service = modelService(30);
    service.faults.set(1, hang);
    for await (const _ of service.listing().prefetch(1)) break;
    await new Promise(setImmediate);
    expect(service.signals.map((signal) => signal?.aborted)).toEqual([false, true]);
  });

  it('the error of a prefetched page surfaces only when that page is due', async () => {
    const service = modelService(9);
    service.faults.set(1, fail());
    const walk = service.listing().prefetch(1).open();
    const seen: string[] = [];
    for (let i = 0; i < 3; i++) seen.push((await walk.next()).value?.id ?? '');
    expect(seen).toEqual(['p0', 'p1', 'p2']);
    await expect(walk.next()).rejects.toMatchObject({ code: 'ERR_REQUEST_FAILED' });
    for await (const { id } of walk) seen.push(id);
    expect(seen).toEqual(ids(service.people));
  });
});
