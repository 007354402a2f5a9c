import { describe, expect, it } from 'vitest';
import { jsonWriter, ndjsonWriter } from '../../lib/cli/output/create-writer.js';
import { type Column, tableWriter } from '../../lib/cli/output/table-writer.js';
import { describeRecordWriter } from '../contracts/record-writer.js';

interface Row {
  readonly Id: string;
  readonly name?: string;
}
const COLUMNS: readonly Column<Row>[] = [
  { title: 'ID', width: 4, value: ({ Id }) => Id },
  { title: 'NAME', value: ({ name = '' }) => name },
];

describeRecordWriter('ndjson', {
  create: ndjsonWriter,
  read: (text) => text.split('\n').slice(0, -1).map(idOf),
});
describeRecordWriter('json', {
  create: jsonWriter,
  read: (text) => (JSON.parse(text) as Row[]).map(({ Id }) => Id),
});
describeRecordWriter('table', {
  create: (output) => tableWriter<Row>(output, COLUMNS),
  read: (text) =>
    text
      .split('\n')
      .slice(1, -1)
      .map((line) => line.trim()),
});

describe('a JSON array', () => {
  it('a JSON array that was not ended cannot be parsed', async () => {
    const texts = textsOf((output) => jsonWriter(output).write({ Id: 'a' }));
    expect(() => JSON.parse(texts)).toThrow(SyntaxError);
  });
});

describe('a table', () => {
  const tableOf = (...rows: Row[]) =>
    textsOf((output) => {
      const writer = tableWriter(output, COLUMNS);
      for (const row of rows) writer.write(row);
      writer.end();
    });

  it('a table aligns its columns for names in any script', () => {
    expect(tableOf({ Id: 'a', name: '山田 花子' }, { Id: 'bcd', name: 'Zoë' }, { Id: 'e' })).toBe(
      'ID    NAME\na     山田 花子\nbcd   Zoë\ne     \n',
    );
  });

  it('a table keeps a row on one line if a value is too long', () => {
    expect(tableOf({ Id: 'abcdefg', name: 'x' })).toBe('ID    NAME\nabcdefg  x\n');
  });

  it('a table has one header', () => {
    expect(tableOf({ Id: 'a' }, { Id: 'b' }).match(/ID/g)).toHaveLength(1);
    expect(tableOf()).toBe('ID    NAME\n');
  });

  it.each(['\x1b[2J', '\r', '\n', '\u0007', '\u009b', '\u2028', '\u202e'])(
    'a table replaces the control character %j',
    (sign) => {
      expect(tableOf({ Id: 'a', name: `x${sign}y` }).split('\n')[1]).toMatch(/^a {5}x\ufffd.*y$/);
    },
  );
});

function idOf(line: string): string {
  return (JSON.parse(line) as Row).Id;
}

function textsOf(use: (output: { write(text: string): undefined }) => void): string {
  let texts = '';
  use({
    write(text) {
      texts += text;
      return undefined;
    },
  });
  return texts;
}
