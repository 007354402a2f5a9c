import { expect, it } from 'vitest';
import { rowItems } from '../../lib/dynamodb/row-items.js';
import { BATCHES, writeItems } from '../../lib/dynamodb/write-items.js';

const { signal } = new AbortController();
const itemsOf = (rows: readonly object[]) =>
  rowItems(rows, { first: 1, key: ['Id'], target: 'dynamodb://rows', reserved: undefined });
const idsOf = (count: number) => Array.from({ length: count }, (_, n) => ({ Id: `r${n}` }));

it.each([
  ['escaped characters', '\u0001'.repeat(390_000)],
  ['short elements', Array.from({ length: 195_000 }, () => null)],
])('a batch of items is sent in less than 16 MB, also with %s', async (_, value) => {
  const lengths: number[] = [];
  const write = async (batch: readonly { readonly item: object }[]) => {
    lengths.push(JSON.stringify(batch.map(({ item }) => ({ PutRequest: { Item: item } }))).length);
  };
  await writeItems(itemsOf(idsOf(6).map((row) => ({ ...row, value }))), { write, signal, limits: BATCHES });
  expect(lengths.length).toBeGreaterThan(1);
  expect(Math.max(...lengths)).toBeLessThan(16 * 2 ** 20);
});

it('after a failed batch no other is sent, and the error comes when none is in progress', async () => {
  const log: string[] = [];
  const write = async (batch: readonly { readonly number: number }[], stop: AbortSignal) => {
    const first = batch[0]?.number;
    log.push(`begin ${first}`);
    if (first === 26) throw new Error('refused');
    await new Promise(setImmediate);
    log.push(`end ${first}, ${stop.aborted ? 'stopped' : 'not stopped'}`);
  };
  await expect(writeItems(itemsOf(idsOf(500)), { write, signal, limits: BATCHES })).rejects.toThrow(
    'refused',
  );
  expect(log.filter((line) => line.startsWith('begin'))).toHaveLength(4);
  expect(log.filter((line) => line.endsWith(', stopped'))).toHaveLength(3);
});
