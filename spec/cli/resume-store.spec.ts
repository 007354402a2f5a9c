import { access, appendFile, mkdtemp, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CliCheckpoint } from '../../lib/cli/cli-checkpoint.js';
import { openOutput } from '../../lib/cli/output/open-output.js';
import { resumeStore } from '../../lib/cli/resume-store.js';
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
  /** Ends the run at this item like a kill: the lock is released as if taken over, and nothing more is saved. */
  readonly dieAt?: string;
  /** Leaves the loop at this item, without writing it. */
  readonly leaveAt?: string;
  readonly toFile?: boolean;
  readonly listing?: typeof LISTING;
}

/** One run of the command over the small listing. */
async function run({ filter, dieAt, leaveAt, toFile = true, listing = LISTING }: RunOptions = {}) {
  const output = await openOutput(toFile ? { out, resume } : { resume }, () => {});
  const inner = fileCheckpoint<CliCheckpoint>(resume);
  const start = listing.open().cursor;
  const store = resumeStore(inner, { name: 'cp', filter, output, start });
  let isDead = false;
  const walk = listing.resume(
    {
      load: store.load,
      save: async (key, cursor) => (isDead ? undefined : store.save(key, cursor)),
      clear: store.clear,
      lock: toFile ? store.lock : inner.lock.bind(inner),
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
  it.each(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'])(
    'the file and the checkpoint agree after a kill at %s',
    async (dieAt) => {
      await run({ dieAt });
      expect(await written()).toMatch(new RegExp(`${dieAt}\n$`));
      const store = await run();
      expect(await written()).toBe(ALL);
      expect(store.wasResumed).toBe(dieAt > 'c');
    },
  );

  it.each(['a', 'b', 'd', 'h'])(
    'the file and the checkpoint agree after the run stops before %s',
    async (leaveAt) => {
      await run({ leaveAt });
      expect(await written()).toBe(ALL.slice(0, ALL.indexOf(leaveAt)));
      await run();
      expect(await written()).toBe(ALL);
    },
  );

  it('half a row written after the last save is cut off on resume', async () => {
    await run({ leaveAt: 'e' });
    await appendFile(out, '{"Id":');
    await run();
    expect(await written()).toBe(ALL);
  });
});

describe('a finished run', () => {
  it('a finished run is not repeated', async () => {
    await run();
    await expect(run()).rejects.toMatchObject({ exitCode: 0, message: expect.stringContaining('complete') });
    expect(await written()).toBe(ALL);
  });

  it('a finished run starts over once its file is moved away', async () => {
    await run();
    await rm(out);
    await run();
    expect(await written()).toBe(ALL);
  });

  it('a finished file that has been appended to is left alone', async () => {
    await run();
    await appendFile(out, 'mine\n');
    await expect(run()).rejects.toMatchObject({ exitCode: 1 });
    expect(await written()).toBe(`${ALL}mine\n`);
  });

  it('a finished run to standard output leaves no checkpoint', async () => {
    const store = fileCheckpoint<CliCheckpoint>(resume);
    await store.save('users', { ...LISTING.open().cursor, token: '2' });
    const output = { file: undefined, sync: async () => {} };
    const tied = resumeStore(store, { name: 'cp', filter: undefined, output, start: LISTING.open().cursor });
    const items: string[] = [];
    for await (const item of LISTING.resume(tied, { key: 'users' })) items.push(item);
    expect(items).toEqual(['g', 'h']);
    expect(await store.load('users')).toBeUndefined();
  });
});

describe('an output file or checkpoint that does not fit the run', () => {
  it('a non-empty file without a checkpoint is not overwritten', async () => {
    await writeFile(out, 'mine\n');
    await expect(run()).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining('not empty') });
    expect(await written()).toBe('mine\n');
  });

  it('a file that is shorter than the checkpoint expects is left alone', async () => {
    await run({ leaveAt: 'e' });
    await truncate(out, 3);
    await expect(run()).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(/3 bytes.* expects 8/),
    });
    expect(await written()).toBe('a\nb');
  });

  it.each([
    ['finished', {}],
    ['unfinished', { leaveAt: 'e' }],
  ])('the file of a run against another instance is left alone (%s)', async (_how, options) => {
    await run(options);
    const before = await written();
    await expect(run({ listing: listingOf('B') })).rejects.toMatchObject({
      exitCode: 2,
      message:
        'cp was written by a run with another --instance-id: rerun with the same options, or delete cp to start over',
    });
    expect(await written()).toBe(before);
  });

  it('without an output file, a checkpoint of another instance is refused', async () => {
    await run({ leaveAt: 'e', toFile: false });
    await expect(run({ listing: listingOf('B'), toFile: false })).rejects.toMatchObject({ exitCode: 2 });
  });

  it('a missing output file is reported and not created', async () => {
    await run({ leaveAt: 'e' });
    await rm(out);
    await expect(run()).rejects.toMatchObject({
      exitCode: 1,
      message: `${out} is missing, but cp expects 8 bytes in it: restore the file, or delete cp to start over`,
    });
    await expect(access(out)).rejects.toThrow('ENOENT');
  });

  it('a refused run creates no output file', async () => {
    await run({ leaveAt: 'e' });
    out = join(folder, 'other');
    await expect(run()).rejects.toMatchObject({ exitCode: 2 });
    await expect(access(out)).rejects.toThrow('ENOENT');
  });

  it('the file of a run with another filter is left alone', async () => {
    await run({ leaveAt: 'e', filter: 'a*' });
    await expect(run()).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('--filter a*'),
    });
    expect(await written()).toBe('a\nb\nc\nd\n');
  });

  it('a checkpoint refuses any output file but its own', async () => {
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

describe('an output file that another program has changed', () => {
  it('a longer file of another program in place of the output is left alone', async () => {
    await run({ leaveAt: 'e' });
    const foreign = 'not what was written\n';
    await writeFile(out, foreign);
    await expect(run()).rejects.toMatchObject({
      exitCode: 1,
      message: `${out} does not hold what cp expects in it: restore the file, or move it away and delete cp to start over`,
    });
    expect(await written()).toBe(foreign);
  });

  it('a finished file that was rewritten is not called complete', async () => {
    await run();
    await writeFile(out, ALL.replace('b', 'x'));
    await expect(run()).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('does not hold'),
    });
  });

  it('a file that was restored from a copy is continued', async () => {
    await run({ leaveAt: 'e' });
    const copy = await readFile(out);
    await rm(out);
    await writeFile(out, Buffer.concat([copy, Buffer.from('half a li')]));
    await run();
    expect(await written()).toBe(ALL);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['removed', () => rm(out), 'it was removed or renamed'],
    ['rotated', () => rename(out, `${out}.1`), 'it was removed or renamed'],
    ['cut off', () => truncate(out, 2), 'it has 2 bytes instead of 6'],
    ['appended to', () => appendFile(out, 'mine\n'), 'it has 11 bytes instead of 6'],
    ['rewritten', () => writeFile(out, 'x\ny\nz\n'), 'its last bytes are not those that were written'],
    [
      'replaced',
      async () => {
        await writeFile(`${out}.other`, 'a\nb\nc\n');
        await rename(`${out}.other`, out);
      },
      'another file is in its place',
    ],
  ])('no position is saved for a file that was %s', async (_how, change, what) => {
    const output = await openOutput({ out, resume }, () => {});
    const inner = fileCheckpoint<CliCheckpoint>(resume);
    const start = LISTING.open().cursor;
    const store = resumeStore(inner, { name: 'cp', filter: undefined, output, start });
    const unlock = await store.lock('users');
    await store.load('users');
    output.write('a\nb\nc\n');
    await output.flush();
    const before = await inner.load('users');
    await change();
    await expect(store.save('users', start)).rejects.toMatchObject({
      code: 'ERR_FILE_CHANGED',
      message: `${out} was changed by another program: ${what}; restore it, or start over with a new file`,
    });
    expect(await inner.load('users')).toEqual(before);
    await output.close();
    await unlock();
  });
});

describe('when the output cannot be written', () => {
  it('if the output cannot be written, the position is not saved and the error is kept', async () => {
    const inner = fileCheckpoint<CliCheckpoint>(resume);
    const full = new Error('disk full');
    const output = { file: undefined, sync: () => Promise.reject(full) };
    const start = LISTING.open().cursor;
    const store = resumeStore(inner, { name: 'cp', filter: undefined, output, start });
    await expect(store.save('users', start)).rejects.toBe(full);
    expect(store.failure).toBe(full);
    expect(await inner.load('users')).toBeUndefined();
  });
});
