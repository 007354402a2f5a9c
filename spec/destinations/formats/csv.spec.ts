import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csv } from '../../../lib/destinations/formats/index.js';
import { encoded } from './encoded.js';

/** The cells of a text by RFC 4180, in which CR, LF and CRLF all end a line. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\r|\n|$)/gy)) {
    if (end === '' && row.length === 0 && quoted === undefined && plain === '') break;
    row.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

describe('csv', () => {
  it('csv writes a header and a line for each row', async () => {
    const rows = [{ Id: 'u1', Username: 'ann' }, { Id: 'u2', Username: 'bob' }, { Id: 'u3' }];
    expect(await encoded(csv(), rows)).toBe('Id,Username\nu1,ann\nu2,bob\nu3,\n');
  });

  it('csv has a column for every member of any row, in the order of their first appearance', async () => {
    const rows = [{ b: 1 }, { a: 2 }, { b: 3, c: 4 }];
    expect(parseCsv(await encoded(csv(), rows))).toEqual([
      ['b', 'a', 'c'],
      ['1', '', ''],
      ['', '2', ''],
      ['3', '', '4'],
    ]);
  });

  it('csv writes the given columns, in their order and with their headers', async () => {
    const rows = [{ Id: 'u1', Info: { Email: 'a@b.c', 'x.y': 1 }, 'Info.Email': undefined, extra: 1 }, {}];
    const columns = [{ key: 'Info.Email', header: 'Mail' }, 'Info.Name', { key: 'Id' }];
    expect(parseCsv(await encoded(csv({ columns }), rows))).toEqual([
      ['Mail', 'Info.Name', 'Id'],
      ['', '', 'u1'],
      ['', '', ''],
    ]);
    expect(
      await encoded(csv({ columns: ['Info.Email'], header: false }), [{ Info: { Email: 'a@b.c' } }]),
    ).toBe('a@b.c\n');
  });

  it.each(['constructor', 'toString', '__proto__', 'Info.constructor', 'Info.length.x'])(
    'has nothing in the column %s unless the row has it',
    async (key) => {
      expect(await encoded(csv({ columns: ['Id', key], header: false }), [{ Id: 1, Info: 'text' }])).toBe(
        '1,\n',
      );
    },
  );

  it('csv keeps every text as it was, with quotes, line breaks and any other characters', async () => {
    const text = fc.string({
      unit: fc.oneof(
        fc.constantFrom('"', ',', '\n', '\r', "'", ';', ' ', '😀', 'é'),
        fc.string({ minLength: 1, maxLength: 1 }),
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1 }), async (rows) => {
        const written = await encoded(
          csv({ columns: ['a', 'b'], escapeFormulas: false }),
          rows.map(([a, b]) => ({ a, b })),
        );
        expect(parseCsv(written).slice(1)).toEqual(rows);
      }),
    );
  });

  it('csv keeps every row of a single column, blank ones included', async () => {
    const rows = ['', 'a', undefined, null, new Date(Number.NaN), ''];
    const written = await encoded(
      csv({ columns: ['a'] }),
      rows.map((a) => ({ a })),
    );
    expect(written.split('\n')).toEqual(['a', '""', 'a', '""', '""', '""', '""', '']);
  });

  it('csv writes dates in ISO 8601, nested values as JSON, bytes in base64, and missing values as blanks', async () => {
    const row = {
      date: new Date(0),
      invalid: new Date(Number.NaN),
      big: -(2n ** 64n),
      number: -1.5,
      yes: true,
      no: false,
      bytes: new Uint8Array([0, 255]),
      nested: { at: new Date(0), big: 1n, list: ['a'] },
      list: [1, 'b'],
      set: new Set([1]),
      none: null,
      missing: undefined,
      action() {},
    };
    const [header, cells] = parseCsv(await encoded(csv(), [row]));
    expect(header).toEqual(Object.keys(row));
    expect(cells).toEqual([
      '1970-01-01T00:00:00.000Z',
      '',
      '-18446744073709551616',
      '-1.5',
      'true',
      'false',
      'AP8=',
      '{"at":"1970-01-01T00:00:00.000Z","big":"1","list":["a"]}',
      '[1,"b"]',
      '[1]',
      '',
      '',
      '',
    ]);
  });

  it.each(['=cmd|calc', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1', '＋1', '－1', '＠1'])(
    'writes %j with an apostrophe in front, so that no spreadsheet runs it',
    async (text) => {
      expect(parseCsv(await encoded(csv(), [{ a: text, b: `x${text}` }]))[1]).toEqual([
        `'${text}`,
        `x${text}`,
      ]);
      expect(parseCsv(await encoded(csv({ escapeFormulas: false }), [{ a: text, b: 1 }]))[1]?.[0]).toBe(text);
    },
  );

  it('csv also escapes formulas in the names of columns', async () => {
    expect(await encoded(csv(), [{ '=a': 1, b: 2 }])).toBe("'=a,b\n1,2\n");
  });

  it('csv leaves negative numbers as they are', async () => {
    const rows = [{ n: -5, big: -5n, share: -0.5 }];
    expect(await encoded(csv({ header: false }), rows)).toBe('-5,-5,-0.5\n');
  });

  it('csv begins with one byte order mark if bom is set', async () => {
    const rows = [{ a: 1 }, { a: 2 }, { a: 3 }];
    expect(await encoded(csv({ bom: true }), rows)).toBe('\ufeffa\n1\n2\n3\n');
    expect(await encoded(csv({ bom: true, header: false }), rows)).toBe('\ufeff1\n2\n3\n');
  });

  it('csv without rows is the header alone, and empty if the columns are unknown', async () => {
    expect(await encoded(csv({ columns: ['a', 'b'] }), [])).toBe('a,b\n');
    expect(await encoded(csv(), [])).toBe('');
  });

  it('csv has one column for rows that are not objects', async () => {
    const rows = ['a', 2, ['b', 3], new Date(0)];
    expect(await encoded(csv(), rows)).toBe('value\na\n2\n"[""b"",3]"\n1970-01-01T00:00:00.000Z\n');
  });

  it('csv refuses rows that can be read only once if the columns are unknown', async () => {
    async function* once() {
      yield [{ a: 1 }];
    }
    const read = async () => {
      for await (const _ of csv().encode(once()));
    };
    await expect(read()).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      message: expect.stringContaining('columns must be given for rows that can only be read once'),
    });
  });

  it.each([
    [{ column: ['Id'] }, 'unknown option "column" in options of csv'],
    [{ columns: [] }, 'columns must be a list of at least one column'],
    [{ columns: 'Id' }, 'columns must be a list'],
    [{ columns: [1] }, 'a column must be'],
    [{ columns: [{ header: 'x' }] }, 'a column must be'],
    [{ columns: [null] }, 'a column must be'],
    [{ columns: [{ key: 'Id', header: 1 }] }, 'header must be a string'],
    [{ header: 'yes' }, 'header must be true or false'],
    [{ escapeFormulas: 0 }, 'escapeFormulas must be true or false'],
  ])('refuses %j at once', (options, message) => {
    expect(() => csv(options as never)).toThrow(message);
  });
});
