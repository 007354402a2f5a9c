import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createRandom } from '../../lib/sandbox/scramble.js';
import { at } from '../support/at.js';
import { newFolder, sandboxFor } from '../support/sandbox-for.js';
import { afterChanges, runUnderKills } from './crash-run.js';
import { runCli } from './start-cli.js';

// More of them, or others: PAGETURN_KILLS=200 PAGETURN_SEED=7 npm run test:crash
const { PAGETURN_KILLS = '30', PAGETURN_SEED = '1' } = process.env;
const [KILLS, SEED] = [Number(PAGETURN_KILLS), Number(PAGETURN_SEED)];

/** A backup changes its folder about 1,360 times, and each run does so 30 times before it gets to a list: a third is left for the last run. */
const MOST_CHANGES = 2 * ((2 / 3) * (1_360 / KILLS) + 30);

it(`a folder is what a backup without a fault writes, after ${KILLS} kills`, {
  timeout: 60_000 + KILLS * 30_000,
}, async () => {
  const sandbox = await sandboxFor({ users: 3_000, seed: SEED });
  const [whole, folder] = [join(await newFolder(), 'whole'), join(await newFolder(), 'backup')];
  expect(await runCli(['backup', whole, ...at(sandbox)])).toMatchObject({ code: 0 });
  sandbox.inject({ kind: 'reset' }, { probability: 0.01 });
  await mkdir(folder);
  const random = createRandom(SEED);
  const found = { done: 0, spools: 0 };
  const { kills, stderr } = await runUnderKills({
    args: ['backup', folder, ...at(sandbox)],
    kills: KILLS,
    moment: afterChanges(folder, { most: MOST_CHANGES, random }),
    between: async () => {
      if ((await doneIn(folder)) > 0) found.done++;
      if (await hasRows(folder)) found.spools++;
    },
  });
  expect(stderr).toMatch(/^62 of 62 resources written to /);
  // Most runs find lists that are done, and some one that is not.
  expect(kills).toBe(KILLS);
  expect(found.done).toBeGreaterThan(KILLS * 0.7);
  expect(found.spools).toBeGreaterThan(KILLS * 0.2);

  const names = (await readdir(folder)).sort();
  expect(names).toEqual((await readdir(whole)).sort());
  for (const name of names.filter((one) => one.endsWith('.ndjson')))
    expect(await readFile(join(folder, name), 'utf8'), name).toBe(await readFile(join(whole, name), 'utf8'));
  const [receipt, expected] = await Promise.all([folder, whole].map(readReceipt));
  expect(receipt?.complete).toBe(true);
  expect(figuresOf(receipt)).toEqual(figuresOf(expected));
  expect(await runCli(['verify', join(folder, 'receipt.json')])).toMatchObject({ code: 0 });
});

interface BackupReceiptText {
  readonly complete: boolean;
  readonly startedAt: string;
  readonly resources: readonly {
    readonly resource: string;
    readonly receipt: { readonly written: number; readonly items: number; readonly sha256: string };
  }[];
}

async function readReceipt(folder: string): Promise<BackupReceiptText> {
  return JSON.parse(await readFile(join(folder, 'receipt.json'), 'utf8'));
}

function figuresOf(receipt: BackupReceiptText | undefined) {
  return receipt?.resources.map(({ resource, receipt: { written, items, sha256 } }) => ({
    resource,
    written,
    items,
    sha256,
  }));
}

async function doneIn(folder: string): Promise<number> {
  const text = await readFile(join(folder, 'checkpoint.json'), 'utf8').catch(() => '{}');
  return Object.keys(Object(JSON.parse(text)).done ?? {}).length;
}

/** Whether a list is begun: its spool has rows. */
async function hasRows(folder: string): Promise<boolean> {
  for (const name of await readdir(folder)) {
    if (name.endsWith('.spool') && (await stat(join(folder, name))).size > 10_000) return true;
  }
  return false;
}
