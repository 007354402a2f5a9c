import { expect, it } from 'vitest';
import type { Receipt } from '../../lib/core/receipt.js';
import { runUntilKilled } from '../support/run-until-killed.js';
import { scriptPath } from '../support/script.js';
import { tables } from '../support/tables.js';

const dynamo = tables();

/** How many writes each run makes before it is killed. */
const KILLS = [1, 6, 1, 9, 3, 2];

/** Runs the drain, killed as soon as it has printed that many totals; resolves to the last line that it printed. */
function run(table: string, killAfter?: number): Promise<string> {
  return runUntilKilled([scriptPath('dynamodb/drain-child'), dynamo.endpoint(), table], { killAfter });
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
});
