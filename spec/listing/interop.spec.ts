import { PassThrough, Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ReadableStream } from 'node:stream/web';
import { toArray } from 'ix/asynciterable';
import { AsyncIterableX } from 'ix/asynciterable/asynciterablex';
import { buffer, concatMap, filter, map, take } from 'ix/asynciterable/operators';
import { describe, expect, it } from 'vitest';
import { fail, hang, ids, modelService, type Person } from './model-service.js';

const settled = () => new Promise(setImmediate);

describe('ix operators on a listing', () => {
  it('ix operators applied with pipe see every item', async () => {
    const names = modelService(7)
      .listing()
      .pipe(
        filter(({ id }: Person) => id !== 'p3'),
        map(({ id }) => id),
        buffer(4),
      );
    expect(await toArray(names)).toEqual([
      ['p0', 'p1', 'p2', 'p4'],
      ['p5', 'p6'],
    ]);
  });

  it('an ix operator that stops early stops the requests', async () => {
    const service = modelService(30);
    await toArray(service.listing().pipe(take(2)));
    expect(service.requests).toHaveLength(1);
  });

  it('an abort of a signal that is passed to an ix pipe takes effect at once', async () => {
    const service = modelService(30);
    service.faults.set(1, () => new Promise(() => {}));
    const controller = new AbortController();
    const reason = new Error('enough');
    const names = service.listing().pipe(map(({ id }: Person) => id));
    const walk = names[Symbol.asyncIterator](controller.signal);
    for (let i = 0; i < 3; i++) await walk.next();
    const waiting = walk.next();
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(service.signals[1]?.aborted).toBe(true);
  });

  it('an abort reaches a listing that an ix operator opens within another iterable', async () => {
    const service = modelService(30);
    service.faults.set(0, () => new Promise(() => {}));
    const controller = new AbortController();
    const reason = new Error('enough');
    const nested = AsyncIterableX.from(['a team']).pipe(concatMap(() => service.listing()));
    const waiting = nested[Symbol.asyncIterator](controller.signal).next();
    for (let i = 0; i < 3; i++) await settled();
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(service.signals[0]?.aborted).toBe(true);
  });

  it('pipe gives the last function whatever the operators before it make of the listing', async () => {
    const { people, listing } = modelService(4);
    expect(listing().pipe()).toBeInstanceOf(AsyncIterableX);
    expect(await listing().pipe((source) => toArray(source))).toEqual(people);
  });

  it('pipe refuses a stream, and names what turns a listing into one', () => {
    const { listing } = modelService(4);
    expect(() => listing().pipe(new PassThrough())).toThrowError(
      expect.objectContaining({
        code: 'ERR_INVALID_ARGUMENT',
        message:
          'an operator of pipe must be a function (for streams see Readable.from), received a PassThrough',
      }),
    );
  });

  it('ix operators pass on the error of a page', async () => {
    const service = modelService(30);
    service.faults.set(1, fail());
    await expect(toArray(service.listing().pipe(map((one: Person) => one)))).rejects.toMatchObject({
      code: 'ERR_REQUEST_FAILED',
    });
  });
});

describe.each([
  ['Readable.from', (people: AsyncIterable<Person>) => Readable.from(people)],
  [
    'ReadableStream.from',
    (people: AsyncIterable<Person>) => Readable.fromWeb(ReadableStream.from(people), { objectMode: true }),
  ],
])('a listing as a stream, by %s', (_how, toStream) => {
  const collect = (seen: string[], size = 1) =>
    new Writable({
      objectMode: true,
      highWaterMark: size,
      write({ id }: Person, _encoding, done) {
        seen.push(id);
        setImmediate(done);
      },
    });

  it('a stream of a listing carries every item through a pipeline', async () => {
    const service = modelService(10);
    const seen: string[] = [];
    await pipeline(toStream(service.listing()), collect(seen));
    expect(seen).toEqual(ids(service.people));
  });

  it('a listing that fails makes the pipeline fail with its error', async () => {
    const service = modelService(10);
    service.faults.set(1, fail());
    await expect(pipeline(toStream(service.listing()), collect([]))).rejects.toMatchObject({
      code: 'ERR_REQUEST_FAILED',
    });
  });

  it('a pipeline that fails further down stops the requests', async () => {
    const service = modelService(1000, 50);
    const broken = new Transform({
      objectMode: true,
      transform: (_one, _encoding, done) => done(new Error('downstream')),
    });
    await expect(pipeline(toStream(service.listing()), broken, collect([]))).rejects.toThrow('downstream');
    await settled();
    await settled();
    expect(service.requests.length).toBeLessThan(3);
  });

  it('a stream that is destroyed while it waits cancels the request', async () => {
    const service = modelService(10);
    service.faults.set(0, hang);
    const stream = toStream(service.listing());
    stream.on('error', () => {});
    stream.read();
    await settled();
    stream.destroy();
    await settled();
    await settled();
    expect(service.signals[0]?.aborted).toBe(true);
  });

  it('a stream of a listing does not read far ahead of a slow consumer', async () => {
    const service = modelService(1000, 10);
    const stream = toStream(service.listing());
    stream.read();
    for (let i = 0; i < 20; i++) await settled();
    expect(service.requests.length).toBeLessThan(6);
    stream.destroy();
  });
});
