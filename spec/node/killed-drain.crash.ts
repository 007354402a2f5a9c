import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Receipt } from '../../lib/core/receipt.js';
import { runUntilKilled } from '../support/run-until-killed.js';
import { scriptPath } from '../support/script.js';

/** How many batches each run writes before it is killed. */
const KILLS = [1, 17, 20, 3, 1, 9, 2, 11];

/** Runs the drain, killed as soon as it has printed that many totals; resolves to the last line that it printed. */
function run(path: string, killAfter?: number): Promise<string> {
  return runUntilKilled([scriptPath('node/drain-child'), path], { killAfter });
}

it('a drain into a file that is killed again and again ends in one file with every row once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pageturn-killed-'));
  const path = join(folder, 'rows.csv');
  await writeFile(path, 'yesterday');
  for (const killAfter of KILLS) {
    await run(path, killAfter);
    expect(await readFile(path, 'utf8')).toBe('yesterday');
  }
  const receipt = JSON.parse(await run(path)) as Receipt;
  const text = await readFile(path, 'utf8');
  const expected = Array.from({ length: 3_000 }, (_, n) => `i${n},${new Date(n).toISOString()}\n`);
  expect(text).toBe(`Id,at\n${expected.join('')}`);
  expect(receipt).toMatchObject({ complete: true, items: 3_000, written: 3_000, resumed: KILLS.length });
  expect(receipt.sha256).toBe(createHash('sha256').update(text).digest('hex'));
  expect(await readdir(folder)).toEqual(['rows.csv']);
  await rm(folder, { recursive: true });
});
