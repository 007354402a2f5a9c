import { describe, expect, it } from 'vitest';
import { jsonWriter, ndjsonWriter } from '../../lib/cli/output/create-writer.js';
import { type Column, tableWriter, userColumns } from '../../lib/cli/output/table-writer.js';
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

const UNPRINTABLE = ['\x1b[2J', '\r', '\n', '\u0007', '\u007f', '\u009b', '\u0085', '\u2028', '\u2029'];
const TURNING = ['\u202e', '\u2066', '\u200f', '\u061c', '\ud800', '\udfff'];

describe.each([
  ['ndjson', ndjsonWriter],
  ['json', jsonWriter],
])('the text of %s', (_name, create) => {
  it.each([...UNPRINTABLE, ...TURNING])(
    'escapes %j so that a terminal does not obey it, and keeps it',
    (sign) => {
      const row = { Id: `a${sign}`, [`name${sign}`]: `x${sign}y 山田 é 👩` };
      const text = textsOf((output) => {
        const writer = create(output);
        writer.write(row);
        writer.end();
      });
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/u);
      expect(text).toContain('山田 é 👩');
      expect([JSON.parse(text)].flat()).toEqual([row]);
    },
  );
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

  it.each([...UNPRINTABLE, ...TURNING])('a table replaces the control character %j', (sign) => {
    expect(tableOf({ Id: 'a', name: `x${sign}y` }).split('\n')[1]).toMatch(/^a {5}x\ufffd.*y$/);
  });
});

describe('the columns of a user', () => {
  const rowOf = (user: object) =>
    textsOf((output) =>
      tableWriter(
        output,
        userColumns(() => user),
      ).write(user),
    )
      .split('\n')[1]
      ?.trim();

  it.each<[string, unknown, string]>([
    ['a date', new Date(0), '1970-01-01T00:00:00Z'],
    ['a date far away', new Date(8.64e15), '+275760-09-13T00:00:00Z'],
    ['a date out of range', new Date(8.64e15 + 1), 'invalid'],
    ['no date', new Date(Number.NaN), 'invalid'],
    ['a text', 'yesterday', 'invalid'],
    ['a text with a date', '1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00Z'],
    ['an object', {}, 'invalid'],
  ])('a table shows %s', (_what, LastModifiedTime, shown) => {
    expect(rowOf({ Id: 'a', LastModifiedTime, Username: 'x' })).toMatch(
      new RegExp(`^a +${shown.replaceAll('+', '[+]')} +x$`),
    );
  });

  it('a table shows members that are missing, or of another type than in the model', () => {
    expect(rowOf({})).toBe('');
    expect(rowOf({ Id: 7, Username: { first: 'x' } })).toMatch(/^7 +\[object Object\]$/);
  });
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
