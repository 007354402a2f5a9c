import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Receipt } from '../../lib/core/receipt.js';
import { createRandom } from '../../lib/sandbox/scramble.js';
import { readCsv } from '../support/duckdb.js';
import { regionRouter } from '../support/region-router.js';
import { runUntilKilled } from '../support/run-until-killed.js';
import { newFolder, sandboxFor } from '../support/sandbox-for.js';
import { runCli } from './start-cli.js';

// More of them, or others: PAGETURN_KILLS=200 PAGETURN_SEED=7 npm run test:crash
const { PAGETURN_KILLS = '30', PAGETURN_SEED = '1' } = process.env;
const [KILLS, SEED] = [Number(PAGETURN_KILLS), Number(PAGETURN_SEED)];

it(`a file of all instances of two Regions has each user once, after ${KILLS} kills`, {
  timeout: 60_000 + KILLS * 30_000,
}, async () => {
  // A run writes at most 9 batches of 20: it is killed after 1 to 4, or stands still 5 later.
  const sandboxes = await Promise.all([
    sandboxFor({ users: [KILLS * 60, KILLS * 30, 7], seed: SEED }),
    sandboxFor({ users: [KILLS * 60, 0, KILLS * 30], seed: SEED + 1 }),
  ]);
  const [first, second] = sandboxes;
  const endpoint = await regionRouter({ 'eu-west-1': first, 'us-east-1': second });
  const path = join(await newFolder(), 'users.csv');
  const command = ['--import', 'tsx', join(import.meta.dirname, 'everywhere-child.ts'), endpoint, path];
  const random = createRandom(SEED);
  for (let kill = 0; kill < KILLS; kill++)
    await runUntilKilled(command, { killAfter: 1 + Math.floor(random() * 4) });
  const receipt = JSON.parse(await runUntilKilled(command)) as Receipt;

  // Each run found what the one before it had kept.
  expect(receipt).toMatchObject({ complete: true, written: KILLS * 180 + 7, resumed: KILLS });
  const rows = await readCsv(path);
  expect(rows).toHaveLength(receipt.written);
  for (const { id, directory } of sandboxes.flatMap(({ instances }) => instances)) {
    const own = rows.filter(({ InstanceId }) => InstanceId === id);
    expect(own.map(({ Id, Username }) => [Id, Username])).toEqual(
      [...directory.users()].map(({ Id, Username }) => [Id, Username]),
    );
  }
  await writeFile(`${path}.receipt`, JSON.stringify(receipt));
  expect(await runCli(['verify', `${path}.receipt`])).toMatchObject({ code: 0 });
});
