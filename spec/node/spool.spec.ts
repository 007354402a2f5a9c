import { execFile } from 'node:child_process';
import { appendFile, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, expect, it, vi } from 'vitest';
import type { DrainPosition } from '../../lib/core/destination.js';
import { type Format, ndjson } from '../../lib/destinations/formats/index.js';
import { file } from '../../lib/node/file-destination.js';
import { Spool } from '../../lib/node/spool/spool.js';
import { HEADER } from '../../lib/node/spool/spool-lines.js';
import { cursorAt } from '../support/cursor-at.js';
import { temporaryFolders } from '../support/temporary-folders.js';
import { failingCalls, systemCalls } from './system-calls.js';

vi.mock('node:fs/promises', async (importOriginal) => {
  const { recordSystemCalls } = await import('./system-calls.js');
  return recordSystemCalls(await importOriginal());
});

let path: string;
let now: number;
const newFolder = temporaryFolders('spool');
beforeEach(async () => {
  path = join(await newFolder(), 'rows.spool');
  now = 0;
  failingCalls.clear();
});

const { signal } = new AbortController();
const openSpool = () => Spool.open(path, { signal, now: () => now });

function position(offset: number): DrainPosition {
  const none = {
    pages: 0,
    items: 0,
    failed: 0,
    requests: 0,
    throttles: 0,
    waitedMs: 0,
    restarts: 0,
    resumed: 0,
  };
  const totals = { ...none, startedAt: '2026-01-01T00:00:00.000Z', written: offset };
  return { fence: 1, cursor: cursorAt(offset), totals };
}

const rowsFrom = (first: number, count = 10) => Array.from({ length: count }, (_, n) => ({ Id: first + n }));

async function rowsIn(spool: Spool): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const chunk of spool.rows()) rows.push(...chunk);
  return rows;
}

/** What a run has that opens the spool now. */
async function resumed() {
  await rm(`${path}.lock`, { force: true });
  const spool = await openSpool();
  const found = { written: spool.last?.position.totals.written ?? 0, rows: await rowsIn(spool) };
  await spool.close();
  return found;
}

it('a spool is synced at the first write, after a second, and when it is closed', async () => {
  const spool = await openSpool();
  const syncsOf = async (work: () => Promise<unknown>) => {
    systemCalls.length = 0;
    await work();
    return systemCalls.filter((call) => /^(write|sync) rows.spool$/.test(call));
  };
  const write = (first: number) => syncsOf(() => spool.write(rowsFrom(first), position(first + 10)));
  expect(await write(0)).toEqual(['write rows.spool', 'sync rows.spool']);
  now = 999;
  expect(await write(10)).toEqual(['write rows.spool']);
  now = 1_000;
  expect(await write(20)).toEqual(['write rows.spool', 'sync rows.spool']);
  expect(await write(30)).toEqual(['write rows.spool']);
  expect(await syncsOf(() => spool.close())).toEqual(['sync rows.spool']);
  expect(await resumed()).toEqual({ written: 40, rows: rowsFrom(0, 40) });
});

it('everything is synced before a file is published, and the note about it before the rename', async () => {
  const target = file(path.slice(0, -'.spool'.length), { format: ndjson() });
  const { fence } = await target.open({ query: { operation: 'x', input: {} }, chain: [] }, { signal });
  await target.write(rowsFrom(0), { ...position(10), fence });
  await target.write(rowsFrom(10), { ...position(20), fence });
  systemCalls.length = 0;
  await target.finish({ reason: 'exhausted', fence, totals: position(20).totals });
  await target.close();
  expect(systemCalls.filter((call) => /^(write|sync|rename|rm) rows/.test(call))).toEqual([
    'sync rows.spool',
    'write rows.<temporary>',
    'sync rows.<temporary>',
    'write rows.spool',
    'sync rows.spool',
    'rename rows.<temporary> rows',
    'rm rows.<temporary>',
    'rm rows.spool',
    'rm rows.spool.lock',
  ]);
});

it('a write that another destination relies on is synced before it resolves', async () => {
  const spool = await openSpool();
  await spool.write(rowsFrom(0), position(10));
  await spool.write(rowsFrom(10), position(20));
  systemCalls.length = 0;
  await spool.write(rowsFrom(20), { ...position(30), isDurable: true });
  expect(systemCalls.filter((call) => /^(write|sync) rows.spool$/.test(call))).toEqual([
    'write rows.spool',
    'sync rows.spool',
  ]);
  await spool.close();
});

it('a power cut that loses part of an unsynced write also loses the writes after it', async () => {
  const spool = await openSpool();
  for (const first of [0, 10, 20, 30]) await spool.write(rowsFrom(first), position(first + 10));
  // The second write has a hole, the third and the fourth are whole: all three were written since the last sync.
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace('{"Id":15}', '\0'.repeat(9)));
  await spool.close().catch(() => {});
  expect(await resumed()).toEqual({ written: 10, rows: rowsFrom(0) });
});

it.each<[what: string, damaged: string, written: number]>([
  ['a row', '{"Id":15}', 10],
  ['the line end of a row', '{"Id":15}\n', 10],
  ['the first position', '"written":10}', 0],
  ['the end of a position', '"}\n{"Id":30}', 20],
])(
  'a run that resumes a spool starts after what is whole if another program has rewritten %s',
  async (_, damaged, written) => {
    const spool = await openSpool();
    for (const first of [0, 10, 20, 30]) {
      await spool.write(rowsFrom(first), position(first + 10));
      // The next write is in another part, which is synced and has its own digest.
      now += 1_000;
    }
    await spool.close();
    const text = await readFile(path, 'utf8');
    expect(text).toContain(damaged);
    await writeFile(path, text.replace(damaged, 'F'.repeat(damaged.length)));
    expect(await resumed()).toEqual({ written, rows: rowsFrom(0, written) });
  },
);

it('a run resumes with the rows before its position, whatever byte of the spool was changed', async () => {
  const spool = await openSpool();
  for (const first of [0, 10, 20]) {
    await spool.write(rowsFrom(first), position(first + 10));
    now += 600;
  }
  await spool.close();
  const bytes = await readFile(path);
  for (let at = HEADER.length; at < bytes.length; at += 3) {
    const changed = Buffer.from(bytes);
    changed[at] = changed[at] === 0x39 ? 0x38 : 0x39;
    await writeFile(path, changed);
    const { written, rows } = await resumed();
    expect(rows).toEqual(rowsFrom(0, written));
    // Nothing but what was written can come of it.
    expect(written % 10).toBe(0);
  }
});

it('a killed run loses no write, synced or not', async () => {
  const spool = await openSpool();
  for (const first of [0, 10, 20]) await spool.write(rowsFrom(first), position(first + 10));
  await appendFile(path, '{"Id":"torn');
  await spool.close().catch(() => {});
  expect(await resumed()).toEqual({ written: 30, rows: rowsFrom(0, 30) });
});

it('a write that fails takes nothing from the writes before it', async () => {
  const spool = await openSpool();
  await spool.write(rowsFrom(0), position(10));
  failingCalls.set('write rows.spool', 'ENOSPC');
  await expect(spool.write(rowsFrom(10), position(20))).rejects.toMatchObject({ code: 'ENOSPC' });
  failingCalls.clear();
  await spool.write([], position(10));
  await spool.close();
  expect(await resumed()).toEqual({ written: 10, rows: rowsFrom(0) });
});

it.each([
  ['its process', 30_000],
  // The monotonic clock of a machine stands still while it is suspended.
  ['its machine', 0],
])('a run whose lock was taken over while %s stood still writes nothing', async (_what, passedMs) => {
  const spool = await openSpool();
  await spool.write(rowsFrom(0), position(10));
  await rm(`${path}.lock`);
  const successor = await openSpool();
  now += passedMs;
  await expect(spool.write(rowsFrom(10), position(20))).rejects.toMatchObject({ code: 'ERR_FILE_LOCKED' });
  expect(await rowsIn(successor)).toEqual(rowsFrom(0));
  await spool.close().catch(() => {});
  await successor.close();
});

it.each<[string, () => Promise<unknown>]>([
  ['appended to', () => appendFile(path, 'foreign\n')],
  ['removed', () => rm(path)],
  ['emptied', () => writeFile(path, '')],
])('a spool that another program has %s takes no further row', async (_how, disturb) => {
  const spool = await openSpool();
  await spool.write(rowsFrom(0), position(10));
  await disturb();
  await expect(spool.write(rowsFrom(10), position(20))).rejects.toMatchObject({ code: 'ERR_FILE_CHANGED' });
  await spool.close().catch(() => {});
});

it('a spool whose last bytes another program has rewritten in place is not published', async () => {
  const target = file(path.slice(0, -'.spool'.length), { format: ndjson() });
  const { fence } = await target.open({ query: { operation: 'x', input: {} }, chain: [] }, { signal });
  await target.write(rowsFrom(0), { ...position(10), fence });
  await writeFile(path, (await readFile(path, 'utf8')).replace('{"Id":5}', '{"Id":6}'));
  const end = { reason: 'exhausted', fence, totals: position(10).totals } as const;
  await expect(target.finish(end)).rejects.toMatchObject({ code: 'ERR_FILE_CHANGED' });
  await target.close().catch(() => {});
});

it.each<[what: string, replace: () => Promise<unknown>]>([
  ['a named pipe', () => promisify(execFile)('mkfifo', [path])],
  ['a file of another program', () => writeFile(path, 'foreign')],
  ['nothing', async () => {}],
])(
  'a spool that %s takes the place of while it is published is an error, and is not read',
  async (_, replace) => {
    let seen = '';
    const format: Format<unknown> = {
      name: 'slow',
      async *encode(chunks) {
        await rm(path);
        await replace();
        for await (const rows of chunks) {
          seen += JSON.stringify(rows);
          yield Buffer.from('rows');
        }
      },
    };
    const target = file(path.slice(0, -'.spool'.length), { format });
    const { fence } = await target.open({ query: { operation: 'x', input: {} }, chain: [] }, { signal });
    await target.write(rowsFrom(0), { ...position(10), fence });
    const end = { reason: 'exhausted', fence, totals: position(10).totals } as const;
    await expect(target.finish(end)).rejects.toMatchObject({ code: 'ERR_FILE_CHANGED' });
    expect(seen).toBe(JSON.stringify(rowsFrom(0)));
    await target.close().catch(() => {});
  },
);

it('a spool that becomes shorter while it is published is an error that says so', async () => {
  const format: Format<unknown> = {
    name: 'slow',
    async *encode(chunks) {
      await truncate(path, HEADER.length);
      for await (const rows of chunks) yield Buffer.from(JSON.stringify(rows));
    },
  };
  const target = file(path.slice(0, -'.spool'.length), { format });
  const { fence } = await target.open({ query: { operation: 'x', input: {} }, chain: [] }, { signal });
  await target.write(rowsFrom(0), { ...position(10), fence });
  const end = { reason: 'exhausted', fence, totals: position(10).totals } as const;
  await expect(target.finish(end)).rejects.toMatchObject({ code: 'ERR_FILE_CHANGED' });
  await target.close().catch(() => {});
});
