import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Destination } from '../../lib/core/destination.js';
import { ndjson } from '../../lib/destinations/formats/index.js';
import { fromPages } from '../../lib/from-pages.js';
import { file } from '../../lib/node/file-destination.js';
import { readFailed } from '../../lib/node/read-failed.js';
import { temporaryFolders } from '../support/temporary-folders.js';

interface Row {
  readonly Id: string;
  readonly at: Date;
}

const newFolder = temporaryFolders('failed-files');
const idsOf = (count: number) => Array.from({ length: count }, (_, n) => `r${n}`);

function rowsOf(count: number) {
  return fromPages<Row>(
    async (token) => {
      const at = Number(token ?? 0);
      const items = idsOf(count)
        .slice(at, at + 4)
        .map((Id, n) => ({ Id, at: new Date(at + n) }));
      return { items, next: at + 4 < count ? String(at + 4) : undefined };
    },
    { query: { operation: 'ListRows' } },
  );
}

const FAILING = new Set(['r1', 'r4', 'r5']);
async function work(row: Row): Promise<Row> {
  if (FAILING.has(row.Id)) throw new Error('no');
  return row;
}

const linesOf = async (path: string) =>
  (await readFile(path, 'utf8'))
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { Id: string; item: Row });

/** Never answers from the call of that number on, as if the process had died in it. */
function dying<T>(destination: Destination<T>, left: { calls: number }, die: () => void): Destination<T> {
  return new Proxy(destination, {
    get(inner, name) {
      const member: unknown = Reflect.get(inner, name);
      if (typeof member !== 'function') return member;
      return async (...values: unknown[]) => {
        if (left.calls-- > 0) return member.apply(inner, values);
        die();
        return new Promise(() => {});
      };
    },
  });
}

it('rows and failed items are in their files once, wherever the run before was killed', async () => {
  for (let calls = 1; calls < 15; calls++) {
    const folder = await newFolder();
    const rows = join(folder, 'rows.ndjson');
    const failed = join(folder, 'failed.ndjson');
    const drained = rowsOf(10).mapAsync(work, { tolerate: { count: 3 } });
    const open = { rows: file<Row>(rows, { format: ndjson() }), failed: file(failed, { format: ndjson() }) };
    const left = { calls };
    await new Promise<void>((resolve) => {
      const run = drained.drainTo(dying(open.rows, left, resolve), {
        batch: 2,
        failed: dying(open.failed, left, resolve),
      });
      run.then(() => resolve(), resolve);
    });
    for (const path of [rows, failed]) await rm(`${path}.spool.lock`, { force: true });
    const receipt = await drained.drainTo(file<Row>(rows, { format: ndjson() }), {
      failed: file(failed, { format: ndjson() }),
    });
    await Promise.all([open.rows.close(), open.failed.close()].map((closed) => closed.catch(() => {})));
    expect((await linesOf(rows)).map(({ Id }) => Id)).toEqual(idsOf(10).filter((id) => !FAILING.has(id)));
    expect((await linesOf(failed)).map(({ item }) => item.Id)).toEqual([...FAILING]);
    expect(receipt).toMatchObject({ written: 7, failed: 3, complete: true });
    expect((await readdir(folder)).sort()).toEqual(['failed.ndjson', 'rows.ndjson']);
  }
});

it('readFailed lists the items as they were, and working on them replaces the file by what fails again', async () => {
  const folder = await newFolder();
  const failed = join(folder, 'failed.ndjson');
  const run = (count: number) =>
    rowsOf(count)
      .mapAsync(work, { tolerate: { count: 5 } })
      .drainTo(file<Row>(join(folder, 'rows.ndjson'), { format: ndjson() }), {
        failed: file(failed, { format: ndjson() }),
      });
  await run(10);
  expect(await readFailed<Row>(failed).toArray()).toEqual([
    { Id: 'r1', at: new Date(1) },
    { Id: 'r4', at: new Date(4) },
    { Id: 'r5', at: new Date(5) },
  ]);
  const receipt = await readFailed<Row>(failed)
    .mapAsync(
      async (row) => {
        if (row.Id === 'r4') throw new Error('still not');
        return row;
      },
      { tolerate: { count: 5 } },
    )
    .drainTo(file<Row>(join(folder, 'more.ndjson'), { format: ndjson() }), {
      failed: file(failed, { format: ndjson() }),
    });
  expect(receipt).toMatchObject({ items: 3, written: 2, failed: 1 });
  expect(await readFailed<Row>(failed).toArray()).toEqual([{ Id: 'r4', at: new Date(4) }]);
});

it('readFailed reads a large file in parts, lines longer than a part and a last line without its end included', async () => {
  const path = join(await newFolder(), 'failed.ndjson');
  const items = Array.from({ length: 300 }, (_, n) => ({
    Id: `i${n}`,
    text: 'ä'.repeat(n === 150 ? 200_000 : 500),
  }));
  const text = items.map((item) => JSON.stringify({ item, error: {}, attempts: 1, at: '' })).join('\n');
  await writeFile(path, text);
  const walk = readFailed<(typeof items)[number]>(path).open();
  const seen: unknown[] = [];
  for await (const item of walk) seen.push(item);
  expect(seen).toEqual(items);
  expect(walk.stats.pages).toBeGreaterThan(3);
});

it('readFailed of an empty file lists nothing', async () => {
  const path = join(await newFolder(), 'failed.ndjson');
  await writeFile(path, '');
  expect(await readFailed(path).toArray()).toEqual([]);
});

it('readFailed refuses a file that is missing, changes, or holds something else', async () => {
  const path = join(await newFolder(), 'failed.ndjson');
  await expect(readFailed(path).toArray()).rejects.toMatchObject({
    code: 'ERR_REQUEST_FAILED',
    message: expect.stringContaining('ENOENT'),
  });
  await writeFile(path, '{"Id":"jane"}\n');
  const error: unknown = await readFailed(path)
    .toArray()
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'ERR_PAGE_INVALID' });
  expect(String(error)).not.toContain('jane');
  await writeFile(path, 'not json\n');
  await expect(readFailed(path).toArray()).rejects.toMatchObject({ code: 'ERR_PAGE_INVALID' });
  const line = `${JSON.stringify({ item: { Id: 'a', text: 'x'.repeat(50_000) }, error: {} })}\n`;
  await writeFile(path, line.repeat(3));
  const walk = readFailed(path).open();
  await walk.next();
  await appendFile(path, line);
  await expect(
    (async () => {
      for await (const _ of walk);
    })(),
  ).rejects.toMatchObject({ code: 'ERR_FILE_CHANGED' });
});
