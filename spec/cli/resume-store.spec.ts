import { access, appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openOutput } from '../../lib/cli/open-output.js';
import { type Place, resumeStore } from '../../lib/cli/resume-store.js';
import { queryOf } from '../../lib/core/query-of.js';
import { createListing } from '../../lib/listing/create-listing.js';
import { fileCheckpoint } from '../../lib/node/file-checkpoint.js';

const PAGES = [
  ['a', 'b', 'c'],
  ['d', 'e', 'f'],
  ['g', 'h'],
];
const listingOf = (instanceId: string) =>
  createListing<string>({
    fetchPage: async (token = '0') => ({
      items: PAGES[Number(token)] ?? [],
      next: Number(token) + 1 < PAGES.length ? String(Number(token) + 1) : undefined,
    }),
    query: queryOf('List', { InstanceId: instanceId }),
  });
const LISTING = listingOf('A');

let folder: string;
let out: string;
let resume: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pageturn-resume-'));
  out = join(folder, 'out');
  resume = join(folder, 'checkpoint');
});
afterEach(() => rm(folder, { recursive: true }));

interface RunOptions {
  readonly filter?: string;
  /** Ends the run as a kill would: the lock is let go of, as if taken over, and nothing more is saved. */
  readonly dieAt?: string;
  /** Leaves the loop with this item in hand. */
  readonly leaveAt?: string;
  readonly toFile?: boolean;
  readonly listing?: typeof LISTING;
}

/** One run of the command over the little listing. */
async function run({ filter, dieAt, leaveAt, toFile = true, listing = LISTING }: RunOptions = {}) {
  const output = await openOutput(toFile ? { out, resume } : { resume }, () => {});
  const inner = fileCheckpoint<Place>(resume);
  const start = listing.open().cursor;
  const store = resumeStore(inner, { name: 'cp', filter, output, start });
  let isDead = false;
  const walk = listing.resume(
    {
      load: store.load,
      save: async (key, cursor) => (isDead ? undefined : store.save(key, cursor)),
      clear: store.clear,
      lock: inner.lock.bind(inner),
    },
    { key: 'users' },
  );
  try {
    for await (const item of walk) {
      if (item === leaveAt) break;
      output.write(`${item}\n`);
      isDead = item === dieAt;
      if (isDead) break;
    }
    await output.flush();
  } finally {
    await walk.return();
    await output.close();
  }
  return store;
}

const written = () => readFile(out, 'utf8');
const ALL = 'a\nb\nc\nd\ne\nf\ng\nh\n';

describe('the output file and the checkpoint', () => {
  it.each(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'])('agree after a kill behind %s', async (dieAt) => {
    await run({ dieAt });
    expect(await written()).toMatch(new RegExp(`${dieAt}\n$`));
    const store = await run();
    expect(await written()).toBe(ALL);
    expect(store.wasResumed).toBe(dieAt > 'c');
  });

  it.each(['a', 'b', 'd', 'h'])('agree when the run is left with %s in hand', async (leaveAt) => {
    await run({ leaveAt });
    expect(await written()).toBe(ALL.slice(0, ALL.indexOf(leaveAt)));
    await run();
    expect(await written()).toBe(ALL);
  });

  it('agree where half a row was written behind the last save', async () => {
    await run({ leaveAt: 'e' });
    await appendFile(out, '{"Id":');
    await run();
    expect(await written()).toBe(ALL);
  });
});

describe('a finished run', () => {
  it('is not done again', async () => {
    await run();
    await expect(run()).rejects.toMatchObject({ exitCode: 0, message: expect.stringContaining('complete') });
    expect(await written()).toBe(ALL);
  });

  it('is done again when its file was moved away', async () => {
    await run();
    await rm(out);
    await run();
    expect(await written()).toBe(ALL);
  });

  it('whose file has grown is left alone', async () => {
    await run();
    await appendFile(out, 'mine\n');
    await expect(run()).rejects.toMatchObject({ exitCode: 1 });
    expect(await written()).toBe(`${ALL}mine\n`);
  });

  it('to standard output leaves no checkpoint', async () => {
    const store = fileCheckpoint<Place>(resume);
    await store.save('users', { ...LISTING.open().cursor, token: '2' });
    const output = { file: undefined, sync: async () => {} };
    const tied = resumeStore(store, { name: 'cp', filter: undefined, output, start: LISTING.open().cursor });
    const items: string[] = [];
    for await (const item of LISTING.resume(tied, { key: 'users' })) items.push(item);
    expect(items).toEqual(['g', 'h']);
    expect(await store.load('users')).toBeUndefined();
  });
});

describe('nothing is written over', () => {
  it('a file that no checkpoint knows', async () => {
    await writeFile(out, 'mine\n');
    await expect(run()).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining('not empty') });
    expect(await written()).toBe('mine\n');
  });

  it('a file that is shorter than the checkpoint says', async () => {
    await run({ leaveAt: 'e' });
    await truncate(out, 3);
    await expect(run()).rejects.toMatchObject({ exitCode: 1, message: expect.stringMatching(/3 bytes.* 8/) });
    expect(await written()).toBe('a\nb');
  });

  it.each([
    ['finished', {}],
    ['left half-way', { leaveAt: 'e' }],
  ])('the file of a run of another instance, %s', async (_how, options) => {
    await run(options);
    const before = await written();
    await expect(run({ listing: listingOf('B') })).rejects.toMatchObject({
      exitCode: 2,
      message:
        'cp belongs to a run with another --instance-id: go on in the same way, or remove cp to begin anew',
    });
    expect(await written()).toBe(before);
  });

  it('the position of a run of another instance to standard output', async () => {
    await run({ leaveAt: 'e', toFile: false });
    await expect(run({ listing: listingOf('B'), toFile: false })).rejects.toMatchObject({ exitCode: 2 });
  });

  it('the position, where the file it knows is gone: none is made in its place', async () => {
    await run({ leaveAt: 'e' });
    await rm(out);
    await expect(run()).rejects.toMatchObject({
      exitCode: 1,
      message: `${out} is missing, and cp knows of 8 bytes in it: put it back, or remove cp to begin anew`,
    });
    await expect(access(out)).rejects.toThrow('ENOENT');
  });

  it('nor is a file made for a run that is refused', async () => {
    await run({ leaveAt: 'e' });
    out = join(folder, 'other');
    await expect(run()).rejects.toMatchObject({ exitCode: 2 });
    await expect(access(out)).rejects.toThrow('ENOENT');
  });

  it('the file of a run with another filter', async () => {
    await run({ leaveAt: 'e', filter: 'a*' });
    await expect(run()).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('--filter a*'),
    });
    expect(await written()).toBe('a\nb\nc\nd\n');
  });

  it('another file than the one of the run', async () => {
    await run({ leaveAt: 'e' });
    const first = out;
    out = join(folder, 'other');
    await writeFile(out, 'mine\n');
    await expect(run()).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(`--out ${first}`),
    });
    expect(await written()).toBe('mine\n');
  });
});

describe('when the output cannot be written', () => {
  it('the position is not saved, and the failure is known', async () => {
    const inner = fileCheckpoint<Place>(resume);
    const full = new Error('disk full');
    const output = { file: undefined, sync: () => Promise.reject(full) };
    const start = LISTING.open().cursor;
    const store = resumeStore(inner, { name: 'cp', filter: undefined, output, start });
    await expect(store.save('users', start)).rejects.toBe(full);
    expect(store.failure).toBe(full);
    expect(await inner.load('users')).toBeUndefined();
  });
});
