import { describe, expect, it } from 'vitest';
import { jsonSink } from '../../lib/cli/output/json.js';
import { ndjsonSink } from '../../lib/cli/output/ndjson.js';
import { type Column, tableSink } from '../../lib/cli/output/table.js';
import { describeSink } from '../contracts/sink.js';

interface Row {
  readonly Id: string;
  readonly name?: string;
}
const COLUMNS: readonly Column<Row>[] = [
  { title: 'ID', width: 4, value: ({ Id }) => Id },
  { title: 'NAME', value: ({ name = '' }) => name },
];

describeSink('ndjson', {
  create: ndjsonSink,
  read: (text) => text.split('\n').slice(0, -1).map(idOf),
});
describeSink('json', {
  create: jsonSink,
  read: (text) => (JSON.parse(text) as Row[]).map(({ Id }) => Id),
});
describeSink('table', {
  create: (output) => tableSink<Row>(output, COLUMNS),
  read: (text) =>
    text
      .split('\n')
      .slice(1, -1)
      .map((line) => line.trim()),
});

describe('a JSON array', () => {
  it('that was not ended is taken for whole by no parser', async () => {
    const texts = textsOf((output) => jsonSink(output).write({ Id: 'a' }));
    expect(() => JSON.parse(texts)).toThrow(SyntaxError);
  });
});

describe('a table', () => {
  const tableOf = (...rows: Row[]) =>
    textsOf((output) => {
      const sink = tableSink(output, COLUMNS);
      for (const row of rows) sink.write(row);
      sink.end();
    });

  it('stands in columns, whatever script the names are in', () => {
    expect(tableOf({ Id: 'a', name: '山田 花子' }, { Id: 'bcd', name: 'Zoë' }, { Id: 'e' })).toBe(
      'ID    NAME\na     山田 花子\nbcd   Zoë\ne     \n',
    );
  });

  it('keeps a row whose value is too long on one line', () => {
    expect(tableOf({ Id: 'abcdefg', name: 'x' })).toBe('ID    NAME\nabcdefg  x\n');
  });

  it('has one header', () => {
    expect(tableOf({ Id: 'a' }, { Id: 'b' }).match(/ID/g)).toHaveLength(1);
    expect(tableOf()).toBe('ID    NAME\n');
  });

  it.each(['\x1b[2J', '\r', '\n', '\u0007', '\u009b', '\u2028', '\u202e'])(
    'shows %j as a sign, not as what it does',
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
