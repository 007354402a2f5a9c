import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  appendFile,
  chmod,
  lstat,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Destination, DrainPosition, DrainTotals } from '../../lib/core/destination.js';
import { csv, type Format, json, ndjson } from '../../lib/destinations/formats/index.js';
import { fromPages } from '../../lib/from-pages.js';
import { newTotals } from '../../lib/listing/drain/drain-totals.js';
import { file } from '../../lib/node/file-destination.js';
import { sha256Of } from '../../lib/node/files/sha256-of.js';
import { markerHead, markerTail } from '../../lib/node/spool/spool-lines.js';
import { describeDestination, type Row } from '../contracts/destination.js';
import { temporaryFolders } from '../support/temporary-folders.js';

let folder: string;
let path: string;
const newFolder = temporaryFolders('file');
beforeEach(newPath);
afterAll(async () => {
  // Runs that were cut off within a call have not closed their files.
  for (const destination of connected) await destination.close().catch(() => {});
});

const connected: Destination<Row>[] = [];

async function newPath(): Promise<void> {
  folder = await newFolder();
  path = join(folder, 'rows.ndjson');
}

describeDestination('file', async () => {
  await newPath();
  const target = path;
  return {
    connect() {
      const destination = file<Row>(target, { format: ndjson() });
      connected.push(destination);
      return destination;
    },
    async published() {
      const text = await readFile(target, 'utf8').catch(() => undefined);
      return text
        ?.split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Row);
    },
    afterKill: () => rm(`${target}.spool.lock`, { force: true }),
  };
});

interface Item {
  readonly Id: string;
  readonly at?: Date;
}

const itemsOf = (count: number): Item[] => Array.from({ length: count }, (_, n) => ({ Id: `i${n}` }));

function list(items: readonly unknown[]) {
  return fromPages(
    async (token) => {
      const at = Number(token ?? 0);
      return { items: items.slice(at, at + 10), next: at + 10 < items.length ? String(at + 10) : undefined };
    },
    { query: { operation: 'items' } },
  );
}

/** Writes some of the items and leaves the run unfinished. */
async function leaveUnfinished(name: string, items: readonly unknown[], format: Format<unknown> = ndjson()) {
  const abort = new AbortController();
  const onProgress = ({ written }: DrainTotals) => void (written >= 20 && abort.abort('stop'));
  const options = { batch: 10, signal: abort.signal, onProgress };
  await expect(list(items).drainTo(file(name, { format }), options)).rejects.toBe('stop');
}

const idsIn = async (name: string) =>
  (await readFile(name, 'utf8'))
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as Item).Id);

describe('a file as a destination', () => {
  it('the receipt of a file has its size and its digest', async () => {
    const receipt = await list(itemsOf(25)).drainTo(file(path, { format: csv() }));
    const bytes = await readFile(path);
    expect(receipt).toMatchObject({
      target: path,
      complete: true,
      written: 25,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    expect(bytes.toString()).toBe(
      `Id\n${itemsOf(25)
        .map(({ Id }) => `${Id}\n`)
        .join('')}`,
    );
    expect(await readdir(folder)).toEqual(['rows.ndjson']);
  });

  it('a file stays as it was until the next one is complete', async () => {
    await list(itemsOf(15)).drainTo(file(path, { format: ndjson() }));
    const before = await readFile(path, 'utf8');
    await leaveUnfinished(path, itemsOf(35));
    expect(await readFile(path, 'utf8')).toBe(before);
    const receipt = await list(itemsOf(35)).drainTo(file(path, { format: ndjson() }));
    expect(receipt).toMatchObject({ resumed: 1, written: 35, items: 35 });
    expect(await idsIn(path)).toEqual(itemsOf(35).map(({ Id }) => Id));
  });

  it('a file is in the format of the last run, resumed rows included', async () => {
    const items = itemsOf(35).map((item, n) => ({ ...item, at: new Date(n) }));
    await leaveUnfinished(path, items, csv());
    await list(items).drainTo(file(path, { format: json() }));
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(JSON.parse(JSON.stringify(items)));
  });

  it('the format of a file gets the values as they were delivered, dates, bigints and bytes included', async () => {
    const items = [
      { at: new Date(5), big: 2n ** 70n, bytes: new Uint8Array([1, 255]), $date: 'mine', n: Number.NaN },
      {
        at: new Date(Number.NaN),
        set: new Set([new Date(1)]),
        map: new Map([[{ a: 1n }, -1]]),
        list: [new Date(2)],
      },
      { nested: { $$set: [1], $number: { $bigint: '1' } }, text: '\ud800\u2028"$date"', none: null },
    ];
    const seen: unknown[] = [];
    const format: Format<unknown> = {
      name: 'seen',
      async *encode(rows) {
        for await (const chunk of rows) seen.push(...chunk);
        yield new Uint8Array();
      },
    };
    await list(items).drainTo(file(path, { format }));
    expect(seen).toEqual(items);
  });

  it.each([
    ['a torn row', (spool: string) => appendFile(spool, '{"Id":"torn')],
    ['rows without a position', (spool: string) => appendFile(spool, '{"Id":"lost"}\n'.repeat(1_000))],
    ['a torn position', (spool: string) => appendFile(spool, '{"Id":"x"}\n{"$position":{"fence":')],
    ['half of its last write', async (spool: string) => truncate(spool, (await stat(spool)).size - 300)],
    [
      'zeros where its last rows should be',
      async (spool: string) => {
        const text = await readFile(spool, 'utf8');
        await writeFile(spool, text.replace('{"Id":"i15"}', '\0'.repeat(12)));
      },
    ],
  ])('resumes from the last whole position when its spool ends in %s', async (_name, damage) => {
    await leaveUnfinished(path, itemsOf(35));
    await damage(`${path}.spool`);
    const receipt = await list(itemsOf(35)).drainTo(file(path, { format: ndjson() }));
    expect(receipt).toMatchObject({ complete: true, written: 35, items: 35, resumed: 1 });
    expect(await idsIn(path)).toEqual(itemsOf(35).map(({ Id }) => Id));
  });

  it.each([
    ['a file that is not a spool', 'mine'],
    ['a spool of another version', '\t{"$spool":2}\n{"Id":"i1"}\n'],
  ])('%s is not touched', async (_what, text) => {
    await writeFile(`${path}.spool`, text);
    await expect(list(itemsOf(5)).drainTo(file(path, { format: ndjson() }))).rejects.toMatchObject({
      code: 'ERR_DESTINATION_FAILED',
      message: expect.stringContaining(
        `${path}.spool is not a spool that this version can resume; move it away`,
      ),
    });
    expect(await readFile(`${path}.spool`, 'utf8')).toBe(text);
  });

  it('a file drain that is aborted before anything was written leaves nothing behind', async () => {
    const abort = new AbortController();
    const hanging = fromPages(() => {
      abort.abort('stop');
      return new Promise<never>(() => {});
    });
    const drained = hanging.drainTo(file(path, { format: ndjson() }), { signal: abort.signal });
    await expect(drained).rejects.toBe('stop');
    expect(await readdir(folder)).toEqual([]);
  });

  it('a file drain whose first request is refused leaves nothing behind', async () => {
    const refused = fromPages(() => Promise.reject(new Error('access denied')), { retry: false });
    await expect(refused.drainTo(file(path, { format: ndjson() }))).rejects.toMatchObject({
      code: 'ERR_REQUEST_FAILED',
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('a file is not published when its format fails, and the next run publishes it', async () => {
    await writeFile(path, 'yesterday');
    const failing: Format<unknown> = {
      name: 'failing',
      async *encode() {
        yield Buffer.from('half');
        throw new Error('cannot encode');
      },
    };
    await expect(list(itemsOf(5)).drainTo(file(path, { format: failing }))).rejects.toMatchObject({
      code: 'ERR_DESTINATION_FAILED',
      message: expect.stringContaining('cannot publish '),
    });
    expect(await readFile(path, 'utf8')).toBe('yesterday');
    expect((await readdir(folder)).sort()).toEqual(['rows.ndjson', 'rows.ndjson.spool']);
    await list(itemsOf(5)).drainTo(file(path, { format: ndjson() }));
    expect(await idsIn(path)).toHaveLength(5);
  });

  it('a file is not opened when its format cannot load what it needs', async () => {
    let requests = 0;
    const listing = fromPages(async () => {
      requests++;
      return { items: [1], next: undefined };
    });
    const prepare = () => Promise.reject(new Error('a package is missing'));
    const format: Format<unknown> = { ...ndjson(), prepare };
    await expect(listing.drainTo(file(path, { format }))).rejects.toMatchObject({
      code: 'ERR_DESTINATION_FAILED',
      cause: { message: 'a package is missing' },
    });
    expect(requests).toBe(0);
    expect(await readdir(folder)).toEqual([]);
  });

  it('a drain starts from the first item if the process died between publishing the file and removing the spool', async () => {
    let spool = '';
    const { format, read } = copyingFormat(path);
    await list(itemsOf(5)).drainTo(file(path, { format }));
    spool = await read();
    const published = await readFile(path);
    // What the spool held right before the file was put in its place, with its last line.
    const sha256 = createHash('sha256').update(published).digest('hex');
    const last = spool.trimEnd().split('\n').at(-1) ?? '';
    const { $position: position } = JSON.parse(last) as { $position: DrainPosition };
    const from = Buffer.byteLength(spool);
    const publishing = { bytes: published.length, sha256 };
    const head = markerHead({ position, publishing, from });
    const line = head + markerTail(sha256Of(Buffer.from(head)));
    await writeFile(`${path}.spool`, spool + line);
    const receipt = await list(itemsOf(8)).drainTo(file(path, { format: ndjson() }));
    expect(receipt).toMatchObject({ resumed: 0, written: 8 });
    expect(await idsIn(path)).toHaveLength(8);
    // The same, but the file is still yesterday's: it is published now.
    await writeFile(`${path}.spool`, spool + line);
    expect(await list(itemsOf(8)).drainTo(file(path, { format: ndjson() }))).toMatchObject({
      resumed: 1,
      written: 5,
    });
    expect(await idsIn(path)).toHaveLength(5);
  });

  it('only its owner can read a new file, and a replaced file keeps its mode', async () => {
    await list(itemsOf(5)).drainTo(file(path, { format: ndjson() }));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await chmod(path, 0o644);
    await list(itemsOf(6)).drainTo(file(path, { format: ndjson() }));
    expect((await stat(path)).mode & 0o777).toBe(0o644);
    expect(await idsIn(path)).toHaveLength(6);
  });

  it('only its owner can read the spool of a file', async () => {
    await leaveUnfinished(path, itemsOf(30));
    expect((await stat(`${path}.spool`)).mode & 0o777).toBe(0o600);
  });

  it.each(['existing', 'missing'])('a drain follows a symbolic link to an %s file', async (kind) => {
    const real = join(folder, 'real.ndjson');
    if (kind === 'existing') await writeFile(real, 'old');
    await symlink('real.ndjson', path);
    await list(itemsOf(5)).drainTo(file(path, { format: ndjson() }));
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect(await idsIn(real)).toHaveLength(5);
    expect((await readdir(folder)).sort()).toEqual(['real.ndjson', 'rows.ndjson']);
  });

  it('a named pipe is written to and not replaced, and the receipt says so', async () => {
    await promisify(execFile)('mkfifo', [path]);
    const reader = promisify(execFile)('cat', [path]);
    const receipt = await list(itemsOf(25)).drainTo(file(path, { format: ndjson() }));
    expect(receipt).toMatchObject({ complete: true, written: 25, writtenThrough: true });
    expect((await reader).stdout.split('\n')).toHaveLength(26);
    expect(await readdir(folder)).toEqual(['rows.ndjson']);
    expect(await list(itemsOf(3)).drainTo(file('/dev/null', { format: ndjson() }))).toMatchObject({
      written: 3,
    });
  });

  it('an aborted file drain no longer waits for the reader of a named pipe', async () => {
    await promisify(execFile)('mkfifo', [path]);
    const abort = new AbortController();
    const pipe = file(path, { format: ndjson() });
    const { signal } = abort;
    const { fence } = await pipe.open({ query: { operation: 'x', input: {} }, chain: [] }, { signal });
    const finished = pipe.finish({ reason: 'exhausted', fence, totals: newTotals('') });
    const ended = expect(finished).rejects.toBe('stop');
    abort.abort('stop');
    await ended;
    await pipe.close();
  });

  it.skipIf(process.platform !== 'linux')(
    'is replaced as a whole where its path leads through what /proc shows of a process',
    async () => {
      await writeFile(path, 'yesterday');
      const name = join('/proc/self/root', path);
      const receipt = await list(itemsOf(5)).drainTo(file(name, { format: ndjson() }));
      expect(receipt.writtenThrough).toBeUndefined();
      expect(await idsIn(path)).toHaveLength(5);
    },
  );

  it.skipIf(process.platform !== 'linux')(
    'is written through if it is a file that another process has opened',
    async () => {
      const handle = await open(path, 'w');
      onTestFinished(() => handle.close());
      const name = `/proc/${process.pid}/fd/${handle.fd}`;
      const receipt = await list(itemsOf(5)).drainTo(file(name, { format: ndjson() }));
      expect(receipt.writtenThrough).toBe(true);
      expect(await idsIn(path)).toHaveLength(5);
    },
  );

  it.skipIf(!existsSync('/dev/shm'))(
    'is published as a whole in /dev/shm, which is a folder in memory',
    async () => {
      const memory = await mkdtemp('/dev/shm/pageturn-');
      onTestFinished(() => rm(memory, { recursive: true }));
      const name = join(memory, 'rows.ndjson');
      await writeFile(name, 'yesterday');
      await leaveUnfinished(name, itemsOf(35));
      expect(await readFile(name, 'utf8')).toBe('yesterday');
      const receipt = await list(itemsOf(35)).drainTo(file(name, { format: ndjson() }));
      expect(receipt).toMatchObject({ resumed: 1, written: 35 });
      expect(receipt.writtenThrough).toBeUndefined();
      expect(await idsIn(name)).toHaveLength(35);
    },
  );

  it('a file is not published over a named pipe that took its place in the meantime', async () => {
    const onProgress = async () => {
      await rm(path, { force: true });
      await promisify(execFile)('mkfifo', [path]);
    };
    const drained = list(itemsOf(5)).drainTo(file(path, { format: ndjson() }), { onProgress, batch: 100 });
    await expect(drained).rejects.toMatchObject({ code: 'ERR_DESTINATION_FAILED' });
    expect((await lstat(path)).isFIFO()).toBe(true);
    await rm(path);
    await list(itemsOf(5)).drainTo(file(path, { format: ndjson() }));
    expect(await idsIn(path)).toHaveLength(5);
  });

  it('with overwrite: false an existing file is refused, and one that appears later is kept', async () => {
    await writeFile(path, 'mine');
    const destination = file(path, { format: ndjson(), overwrite: false });
    await expect(list(itemsOf(5)).drainTo(destination)).rejects.toMatchObject({
      code: 'ERR_DESTINATION_FAILED',
      message: `${path} exists and overwrite is false; move it away, or name another file`,
    });
    await rm(path);
    const appears = () => writeFile(path, 'mine');
    await expect(list(itemsOf(5)).drainTo(destination, { onProgress: appears })).rejects.toMatchObject({
      code: 'ERR_DESTINATION_FAILED',
      message: expect.stringContaining('(EEXIST)'),
    });
    expect(await readFile(path, 'utf8')).toBe('mine');
    await rm(path);
    expect(await list(itemsOf(5)).drainTo(destination)).toMatchObject({ written: 5, resumed: 1 });
  });

  it.each([
    ['a folder', () => folder, 'EISDIR'],
    ['a path in a folder that does not exist', () => join(folder, 'none', 'x'), 'ENOENT'],
    ['a path below a file', () => '/etc/passwd/x', 'ENOTDIR'],
  ])('refuses %s before anything is requested', async (_name, target, code) => {
    let requests = 0;
    const rows = fromPages(async () => {
      requests++;
      return { items: [1], next: undefined };
    });
    await expect(rows.drainTo(file(target(), { format: ndjson() }))).rejects.toMatchObject({
      code: 'ERR_DESTINATION_FAILED',
      cause: { code },
    });
    expect(requests).toBe(0);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    [[''], 'path must be the path of a file'],
    [['x', {}], 'format must be a format, such as csv()'],
    [['x', { format: csv }], 'format must be a format, such as csv()'],
    [['x', { format: csv(), overwrite: 1 }], 'overwrite must be true or false'],
    [['x', { format: csv(), mode: 1 }], 'unknown option "mode" in options of file'],
  ])('refuses the arguments %j', (values, message) => {
    expect(() => file(...(values as unknown as Parameters<typeof file>))).toThrow(message);
  });
});

/** NDJSON, and what the spool of a path holds when it is encoded. */
function copyingFormat(of: string) {
  let copy: Promise<string> | undefined;
  const format: Format<unknown> = {
    name: 'copying',
    async *encode(rows) {
      copy = readFile(`${of}.spool`, 'utf8');
      await copy;
      yield* ndjson().encode(rows);
    },
  };
  return { format, read: async () => (await copy) ?? '' };
}
