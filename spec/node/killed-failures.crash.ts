import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { FailedItem } from '../../lib/core/failed-item.js';
import type { Receipt } from '../../lib/core/receipt.js';
import { runUntilKilled } from '../support/run-until-killed.js';
import { scriptPath } from '../support/script.js';

/** After how many totals each run is killed. */
const KILLS = [1, 9, 2, 17, 3, 1, 20, 4];

/** Runs the drain, killed after so many totals, a moment later each time; the last line that it printed. */
function run(paths: readonly string[], killAfter?: number): Promise<string> {
  return runUntilKilled([scriptPath('node/failing-drain-child'), ...paths], { killAfter });
}

it('failed items and rows are in their files once each, however often the drain is killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pageturn-failed-'));
  const paths = [join(folder, 'rows.ndjson'), join(folder, 'failed.ndjson')] as const;
  for (const killAfter of KILLS) await run(paths, killAfter);
  const receipt = JSON.parse(await run(paths)) as Receipt;
  const [rows, failed] = await Promise.all(
    paths.map(async (path) => {
      const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
      return lines.map((line) => JSON.parse(line) as FailedItem<{ Id: number }> & { Id: number });
    }),
  );
  const all = Array.from({ length: 1_000 }, (_, n) => n);
  expect(rows?.map(({ Id }) => Id)).toEqual(all.filter((n) => n % 7 !== 0));
  expect(failed?.map(({ item }) => item.Id)).toEqual(all.filter((n) => n % 7 === 0));
  expect(receipt).toMatchObject({ complete: true, written: 857, failed: 143, resumed: KILLS.length });
  expect((await readdir(folder)).sort()).toEqual(['failed.ndjson', 'rows.ndjson']);
  await rm(folder, { recursive: true });
});
