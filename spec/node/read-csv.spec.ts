import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fromPages } from '../../lib/index.js';
import { csv, file, readCsv } from '../../lib/node/index.js';
import { newFolder } from '../support/sandbox-for.js';

it('a CSV file is read back as csv() wrote it, quotes, line breaks and formulas included', async () => {
  const path = join(await newFolder(), 'rows.csv');
  const rows = [
    { Id: '1', note: 'a "quoted", text\nof two lines' },
    { Id: '2', note: '=SUM(A1)' },
    { Id: '3', note: "'+49 30" },
    { Id: '4', note: '' },
  ];
  const listing = fromPages(async () => ({ items: rows, next: undefined }));
  await listing.drainTo(file(path, { format: csv({ bom: true }) }));
  const read: unknown[] = [];
  const lines = readCsv(path);
  for await (const row of lines) read.push(row);
  expect(read).toEqual(rows.map((row) => (row.Id === '3' ? { ...row, note: '+49 30' } : row)));
  let again = 0;
  for await (const _ of lines) again++;
  expect(again).toBe(4);
});

it('columns are named by their headings, and others are left out', async () => {
  const path = join(await newFolder(), 'people.csv');
  await writeFile(path, 'user login;mail;team\r\nanna;a@acme.com;red\r\n\r\nbo;b@acme.com;blue\r\n');
  const rows: unknown[] = [];
  for await (const row of readCsv(path, {
    columns: { Username: 'user login', Email: 'mail' },
    delimiter: ';',
  }))
    rows.push(row);
  expect(rows).toEqual([
    { Username: 'anna', Email: 'a@acme.com' },
    { Username: 'bo', Email: 'b@acme.com' },
  ]);
});

it('the error of a CSV file has the number of the line, and nothing that is in it', async () => {
  const path = join(await newFolder(), 'people.csv');
  await writeFile(path, 'Username,Email\nanna,a@acme.com\nsecret,b@acme.com,more\n');
  const read = async () => {
    for await (const _ of readCsv(path));
  };
  const error = await read().catch((reason: Error) => reason);
  expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', message: expect.stringContaining('line 3') });
  expect(String(error)).not.toContain('secret');
});

it('a loop that ends early closes the file', async () => {
  const path = join(await newFolder(), 'people.csv');
  await writeFile(path, `Username\n${'anna\n'.repeat(100_000)}`);
  for await (const { Username } of readCsv(path)) {
    expect(Username).toBe('anna');
    break;
  }
});

it('readCsv refuses wrong arguments at once', () => {
  for (const [path, options] of [
    [''],
    [7],
    ['a.csv', { columns: [] }],
    ['a.csv', { columns: {} }],
    ['a.csv', { columns: { Username: 1 } }],
    ['a.csv', { delimiter: '' }],
    ['a.csv', { escapeFormulas: 1 }],
    ['a.csv', { column: {} }],
  ])
    expect(() => Reflect.apply(readCsv, undefined, [path, options])).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
    );
});

it('a file in another encoding than UTF-8 is an error with its name, and UTF-16 with its mark is read', async () => {
  const path = join(await newFolder(), 'people.csv');
  const read = async () => {
    const rows: unknown[] = [];
    for await (const row of readCsv(path)) rows.push(row);
    return rows;
  };
  const text = 'Username,LastName\nli,Nuñez\n';
  await writeFile(path, Buffer.from(text, 'latin1'));
  await expect(read()).rejects.toMatchObject({
    code: 'ERR_INVALID_ARGUMENT',
    message: `cannot read ${path}: it is not in UTF-8; save it as "CSV UTF-8"`,
  });
  await writeFile(path, Buffer.from(`\ufeff${text}`, 'utf16le'));
  expect(await read()).toEqual([{ Username: 'li', LastName: 'Nuñez' }]);
  await writeFile(path, `\ufeff${text}${`a,${'ñ'.repeat(1000)}\n`.repeat(200)}`);
  expect(new Set((await read()).map((row) => Reflect.get(Object(row), 'LastName')?.length))).toEqual(
    new Set([5, 1000]),
  );
});

it('a path that no file can have is the error of the file system, not one of the encoding', async () => {
  const read = async () => {
    for await (const _ of readCsv('people\0.csv'));
  };
  await expect(read()).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
});
