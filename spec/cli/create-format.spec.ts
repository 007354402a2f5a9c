import { expect, it } from 'vitest';
import { createFormat } from '../../lib/cli/formats/create-format.js';
import { encoded } from '../destinations/formats/encoded.js';

const NAMES = ['at', 'in'];
const ROWS = [{ at: new Date(0), in: { deep: [new Date(1)] } }, { at: new Date(8.64e15) }];
const AS_TEXT = JSON.parse(JSON.stringify(ROWS));

it.each(
  (['ndjson', 'json', 'csv', 'table', 'text'] as const).flatMap((output) => [
    { output, columns: undefined },
    { output, columns: NAMES },
  ]),
)('a date need not be restored to be written as $output with the columns $columns', async (choice) => {
  const format = createFormat({ ...choice, known: undefined, tableColumns: [] });
  expect(format.takesDatesAsText).toBe(true);
  expect(await encoded(format, AS_TEXT)).toEqual(await encoded(format, ROWS));
});
