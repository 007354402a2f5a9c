import { readdirSync, readlinkSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Change, type ChangesOptions, changes } from '../../lib/node/snapshot/changes.js';
import { snapshot } from '../../lib/node/snapshot/snapshot.js';

let folder: string;
let before: string;
let after: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pageturn-changes-'));
  before = join(folder, 'before');
  after = join(folder, 'after');
});
afterAll(() => rm(folder, { recursive: true }));

interface Item {
  readonly Id: string;
  readonly LastModifiedTime?: Date;
  readonly [field: string]: unknown;
}

async function* listing<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

/** The changes between two lists, through two snapshots. */
async function diff<T>(old: T[], now: T[], options: ChangesOptions<T> = {}): Promise<Change<T>[]> {
  const { version: _, ...shared } = options;
  await snapshot(listing(old), before, shared);
  await snapshot(listing(now), after, shared);
  return collect(changes<T>(before, after, options));
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const MONDAY = new Date('2025-01-06T08:00:00.250Z');
const TUESDAY = new Date('2025-01-07T08:00:00Z');

describe('changes', () => {
  it('changes lists what was added, updated and removed, in the order of the keys', async () => {
    const ada = { Id: 'a', LastModifiedTime: MONDAY };
    const found = await diff<Item>(
      [{ Id: 'c', LastModifiedTime: MONDAY }, ada, { Id: 'b', LastModifiedTime: MONDAY }],
      [{ Id: 'd' }, { Id: 'b', LastModifiedTime: TUESDAY }, ada],
    );
    expect(found).toEqual([
      {
        type: 'updated',
        key: 'b',
        item: { Id: 'b', LastModifiedTime: TUESDAY },
        previous: { Id: 'b', LastModifiedTime: MONDAY },
      },
      { type: 'removed', key: 'c', item: { Id: 'c', LastModifiedTime: MONDAY } },
      { type: 'added', key: 'd', item: { Id: 'd' } },
    ]);
  });

  it('changes finds nothing between a snapshot and itself', async () => {
    await snapshot(listing([{ Id: 'a' }, { Id: 'b' }]), before);
    expect(await collect(changes(before, before))).toEqual([]);
  });

  it('changes compares the versions if both items have one, whatever else differs', async () => {
    const at = (LastModifiedTime: Date, Username: string): Item => ({ Id: 'a', LastModifiedTime, Username });
    expect(await diff([at(MONDAY, 'ada')], [at(MONDAY, 'ADA')])).toEqual([]);
    expect(await diff([at(MONDAY, 'ada')], [at(TUESDAY, 'ada')])).toMatchObject([{ type: 'updated' }]);
  });

  it('changes compares the content if either item has no version, whatever the order of the fields', async () => {
    expect(await diff<Item>([{ Id: 'a', x: 1, y: 2 }], [{ y: 2, x: 1, Id: 'a' }])).toEqual([]);
    expect(await diff<Item>([{ Id: 'a', x: 1 }], [{ Id: 'a', x: 2 }])).toMatchObject([{ type: 'updated' }]);
    const dated = { Id: 'a', LastModifiedTime: MONDAY };
    expect(await diff<Item>([dated], [{ Id: 'a' }])).toMatchObject([{ type: 'updated' }]);
  });

  it('changes compares by the given version', async () => {
    const version = ({ revision }: Item) => revision as number;
    const old = [{ Id: 'a', revision: 1, LastModifiedTime: MONDAY }];
    expect(await diff<Item>(old, [{ Id: 'a', revision: 1, LastModifiedTime: TUESDAY }], { version })).toEqual(
      [],
    );
    expect(
      await diff<Item>(old, [{ Id: 'a', revision: 2, LastModifiedTime: MONDAY }], { version }),
    ).toHaveLength(1);
  });

  it('changes returns Dates as Dates, however deep they are', async () => {
    const item = { Id: 'a', seen: [{ at: MONDAY }, { at: 'never' }], text: MONDAY.toISOString() };
    expect(await diff<Item>([], [item])).toEqual([{ type: 'added', key: 'a', item }]);
  });

  it('changes accepts a listing as the current side', async () => {
    await snapshot(listing([{ Id: 'a' }, { Id: 'b' }]), before);
    const found = await collect(changes(before, listing([{ Id: 'c' }, { Id: 'b' }])));
    expect(found).toEqual([
      { type: 'removed', key: 'a', item: { Id: 'a' } },
      { type: 'added', key: 'c', item: { Id: 'c' } },
    ]);
  });

  it('changes agrees with a comparison in memory for any keys, order, repetition and chunk size', async () => {
    const key = fc.oneof(
      fc.constantFrom('a', 'ab', 'a b', '"', '\\', '\t', '\n', 'ü', '\uffff', '😀', '__proto__'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
    );
    const item = fc.record({
      id: key,
      v: fc.option(fc.nat(2), { nil: undefined }),
      text: fc.string({ unit: 'binary' }),
    });
    const items = fc.array(item, { maxLength: 30 });
    const version = ({ v }: { v?: number | undefined }) => v;
    await fc.assert(
      fc.asyncProperty(
        items,
        items,
        fc.nat(5),
        fc.integer({ min: 1, max: 600 }),
        async (old, fresh, kept, chunkBytes) => {
          const now = [...old.slice(kept), ...fresh];
          const [was, is] = [
            new Map(old.map((one) => [one.id, one])),
            new Map(now.map((one) => [one.id, one])),
          ];
          const moved = (one: (typeof old)[number], other: (typeof old)[number]) =>
            one.v !== undefined && other.v !== undefined
              ? one.v !== other.v
              : one.v !== other.v || one.text !== other.text;
          const expected = new Set<string>();
          for (const [id, one] of is) {
            const previous = was.get(id);
            if (!previous) expected.add(JSON.stringify(['added', id, one]));
            else if (moved(previous, one)) expected.add(JSON.stringify(['updated', id, one, previous]));
          }
          for (const [id, one] of was) if (!is.has(id)) expected.add(JSON.stringify(['removed', id, one]));

          const bySnapshots = await diff(old, now, { version, chunkBytes });
          const byListing = await collect(changes(before, listing(now), { version, chunkBytes }));
          const flat = bySnapshots.map(({ type, key: id, ...rest }) =>
            JSON.stringify([type, id, ...Object.values(rest)]),
          );
          expect(new Set(flat)).toEqual(expected);
          expect(flat).toHaveLength(expected.size);
          expect(byListing).toEqual(bySnapshots);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('a damaged snapshot', () => {
  const users = Array.from({ length: 8 }, (_, i) => ({ Id: `u-${i}` }));

  /** Damages one of two different snapshots, and checks that no change is reported. */
  async function expectRefusal(damaged: string, bytes: Uint8Array): Promise<void> {
    await writeFile(damaged, bytes);
    const walk = changes(before, after);
    await expect(walk.next()).rejects.toMatchObject({
      code: 'ERR_SNAPSHOT_CORRUPT',
      message: expect.stringMatching(new RegExp(`${damaged} cannot be used: .*delete it to take a new one`)),
    });
  }

  it('a snapshot with a wrong byte anywhere is refused before the first change', async () => {
    await diff(users.slice(5), users);
    const bytes = await readFile(after);
    // The first ten bytes are gzip's own: its magic number, and a time and a platform that mean nothing here.
    for (const [i, byte] of bytes.entries()) {
      if (i >= 10) await expectRefusal(after, bytes.with(i, byte ^ 0xff));
    }
  });

  it('a snapshot that is cut off anywhere is refused before the first change', async () => {
    await diff(users.slice(5), users);
    const bytes = await readFile(after);
    for (let length = 0; length < bytes.length; length++)
      await expectRefusal(after, bytes.subarray(0, length));
  });

  it('a snapshot that something was appended to is refused', async () => {
    await diff(users.slice(5), users);
    await expectRefusal(after, Buffer.concat([await readFile(after), Buffer.from('\n')]));
  });

  it.each(['Id,Username\nu-1,ada\n', '{"pageturn":"checkpoint","version":1}'])(
    'a file that is not a snapshot is refused: %s',
    async (text) => {
      await diff(users.slice(5), users);
      await expectRefusal(before, Buffer.from(text));
    },
  );
});

describe('a comparison of snapshots', () => {
  it('a comparison names the snapshot that is missing', async () => {
    await snapshot(listing([{ Id: 'a' }]), before);
    const missing = join(folder, 'missing');
    await expect(collect(changes(before, missing))).rejects.toMatchObject({ code: 'ENOENT', path: missing });
  });

  it('changes refuses at once what is neither a path nor a listing', () => {
    expect(() => changes(before, Object(7))).toThrow('current must be the path of a snapshot, or a listing');
    expect(() => changes(Object(7), before)).toThrow('previous must be the path of a snapshot');
  });

  it.each([
    ['an unknown option', { label: 'x' }, 'unknown option "label"'],
    ['a version that is not a function', { version: 'LastModifiedTime' }, 'version must be a function'],
    ['a chunk size of 0', { chunkBytes: 0 }, 'chunkBytes must be a whole number of bytes from 1'],
  ])('changes refuses %s at once', (_what, options, message) => {
    expect(() => Reflect.apply(changes, undefined, [before, after, options])).toThrow(message);
  });

  it('changes reports an item with a numeric identifier as updated if its content changed', async () => {
    expect(await diff<unknown>([{ id: 0, name: 'a' }], [{ id: 0, name: 'b' }])).toEqual([
      { type: 'updated', key: '0', item: { id: 0, name: 'b' }, previous: { id: 0, name: 'a' } },
    ]);
  });

  it('a comparison with a listing that fails has the error of the listing, and leaves no file behind', async () => {
    await snapshot(listing([{ Id: 'a' }]), before);
    await rm(after, { force: true });
    const failure = new Error('the listing broke');
    const broken = (async function* () {
      for (let i = 0; i < 100; i++) yield { Id: `u-${i}` };
      throw failure;
    })();
    await expect(collect(changes(before, broken, { chunkBytes: 100 }))).rejects.toBe(failure);
    expect(await readdir(folder)).toEqual(['before']);
  });

  it.skipIf(process.platform !== 'linux')(
    'a comparison leaves no file open when its consumer breaks early',
    async () => {
      await snapshot(listing([]), before);
      await snapshot(listing(Array.from({ length: 50_000 }, (_, i) => ({ Id: `u-${i}` }))), after);
      for await (const _ of changes(before, after)) break;
      for await (const _ of changes(before, listing([{ Id: 'a' }, { Id: 'b' }]), { chunkBytes: 1 })) break;
      expect(openFiles().filter((name) => name.startsWith(folder))).toEqual([]);
    },
  );
});

function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return []; // The descriptor that was open for reading this list.
    }
  });
}
