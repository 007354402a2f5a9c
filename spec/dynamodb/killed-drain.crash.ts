import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import type { Receipt } from '../../lib/core/receipt.js';
import { tables } from '../support/tables.js';

const dynamo = tables();

/** How many writes each run makes before it is killed. */
const KILLS = [1, 6, 1, 9, 3, 2];

/** Runs the drain; killed as soon as it has printed that many totals. The last line that it printed. */
async function run(table: string, killAfter = Number.POSITIVE_INFINITY): Promise<string> {
  const script = new URL('./drain-child.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--import', 'tsx', script, dynamo.endpoint(), table], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let last = '';
  let lines = 0;
  for await (const line of createInterface(child.stdout)) {
    last = line;
    if (++lines >= killAfter) child.kill('SIGKILL');
  }
  return last;
}

it('a drain into a DynamoDB table that is killed again and again ends with every row once', async () => {
  const table = await dynamo.create({ name: 'Id', type: 'S' });
  for (const killAfter of KILLS) await run(table, killAfter);
  const receipt = JSON.parse(await run(table)) as Receipt;
  expect(receipt).toMatchObject({ complete: true, items: 2_000, written: 2_000, resumed: KILLS.length });
  const items = await dynamo.scan(table);
  const byId = new Map(items.map(({ Id, at }) => [Id?.S, at?.S]));
  expect(items).toHaveLength(2_000);
  for (let n = 0; n < 2_000; n++) expect(byId.get(`r${n}`)).toBe(new Date(n).toISOString());
}, 300_000);
