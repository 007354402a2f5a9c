import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Receipt } from '../../lib/core/receipt.js';
import type { Format } from '../../lib/destinations/formats/format.js';
import { fromPages } from '../../lib/from-pages.js';
import { csv, file, json, ndjson, verifyReceipt } from '../../lib/node/index.js';
import { temporaryFolders } from '../support/temporary-folders.js';

const newFolder = temporaryFolders('verify');

const ROWS = [{ Id: 'a' }, { Id: 'with "quotes",\nand lines\r\n' }, { Id: '=1' }];

/** A file that a drain has published, and the receipt as it was stored. */
async function published(name: string, format: Format<unknown>, rows: readonly unknown[] = ROWS) {
  const path = join(await newFolder(), name);
  const listing = fromPages(async () => ({ items: rows, next: undefined }));
  const receipt: Receipt = JSON.parse(JSON.stringify(await listing.drainTo(file(path, { format }))));
  return { path, receipt };
}

describe('a file that is what was published', () => {
  it.each<[string, Format<unknown>, number | undefined]>([
    ['users.csv', csv(), 3],
    ['without-header.csv', csv({ header: false }), 3],
    ['users.ndjson', ndjson(), 3],
    ['users.json', json(), 3],
    ['users.dat', ndjson(), undefined],
  ])('%s matches its receipt', async (name, format, rows) => {
    const { path, receipt } = await published(name, format);
    expect(await verifyReceipt(receipt)).toEqual({
      matches: true,
      path,
      bytes: receipt.bytes,
      sha256: receipt.sha256,
      rows,
      complete: true,
    });
  });

  it.each<[string, Format<unknown>]>([
    ['users.csv', csv({ columns: ['Id'] })],
    ['users.ndjson', ndjson()],
    ['users.json', json()],
  ])('%s without rows matches its receipt', async (name, format) => {
    const { receipt } = await published(name, format, []);
    expect(await verifyReceipt(receipt)).toMatchObject({ matches: true, rows: 0 });
  });

  it('the file may be somewhere else', async () => {
    const { path, receipt } = await published('users.csv', csv());
    const moved = { ...receipt, target: '/elsewhere/users.csv' };
    expect(await verifyReceipt(moved)).toMatchObject({ matches: false, reason: 'missing' });
    expect(await verifyReceipt(moved, { path })).toMatchObject({ matches: true, path });
  });

  it('a run that stopped at its limit is not complete', async () => {
    const path = join(await newFolder(), 'users.ndjson');
    const listing = fromPages(async () => ({ items: ROWS, next: undefined }));
    const receipt = await listing.take(2).drainTo(file(path, { format: ndjson() }));
    expect(await verifyReceipt(receipt)).toMatchObject({ matches: true, rows: 2, complete: false });
  });
});

describe('a file that is something else', () => {
  it('a changed byte is found', async () => {
    const { path, receipt } = await published('users.csv', csv());
    await writeFile(path, 'x'.repeat(receipt.bytes ?? 0));
    expect(await verifyReceipt(receipt)).toEqual({
      matches: false,
      reason: 'changed',
      message: `${path} is not what was published: its content has another SHA-256 digest`,
    });
  });

  it('another size is found, a missing file and a folder', async () => {
    const { path, receipt } = await published('users.csv', csv());
    await writeFile(path, 'x');
    expect(await verifyReceipt(receipt)).toMatchObject({
      reason: 'changed',
      message: expect.stringContaining(`it has 1 bytes instead of ${receipt.bytes}`),
    });
    await rm(path);
    expect(await verifyReceipt(receipt)).toMatchObject({ reason: 'missing' });
    await mkdir(path);
    expect(await verifyReceipt(receipt)).toMatchObject({
      reason: 'missing',
      message: `${path} is not a regular file`,
    });
  });

  it('a number of rows that the file does not have is found', async () => {
    const { receipt } = await published('users.csv', csv());
    expect(await verifyReceipt({ ...receipt, written: 5 })).toMatchObject({
      reason: 'changed',
      message: expect.stringMatching(/it has 3 rows, and the receipt says 5$/),
    });
  });
});

describe('a receipt that no file can be compared with', () => {
  it.each([
    ['failed', 'failed before it published anything'],
    ['aborted', 'was aborted before it published anything'],
  ])('the receipt of a run that %s published nothing', async (end, message) => {
    const { receipt } = await published('users.csv', csv());
    const { bytes: _, sha256: __, ...rest } = receipt;
    expect(await verifyReceipt({ ...rest, end, complete: false })).toMatchObject({
      reason: 'not-published',
      message: expect.stringContaining(message),
    });
  });

  it('the receipt of a database, of an object in S3 and of a pipe name no file of this machine', async () => {
    const { receipt } = await published('users.csv', csv());
    const { bytes: _, sha256: __, ...rows } = receipt;
    for (const other of [
      { ...rows, target: 'postgres table users' },
      { ...receipt, target: 's3://bucket/users.csv' },
      { ...receipt, target: '/dev/stdout', writtenThrough: true },
    ]) {
      expect(await verifyReceipt(other)).toMatchObject({
        reason: 'no-file',
        message: expect.stringContaining(other.target),
      });
    }
  });

  it.each<[string, (receipt: Receipt) => unknown, string]>([
    ['nothing', () => null, 'it is not an object'],
    ['a list', () => [], 'it is not an object'],
    ['another object', () => ({}), 'it has no target'],
    ['a cut digest', (one) => ({ ...one, sha256: one.sha256?.slice(1) }), 'it has a damaged sha256'],
    ['a size below 0', (one) => ({ ...one, bytes: -1 }), 'it has a damaged bytes'],
    ['half a row', (one) => ({ ...one, written: 1.5 }), 'it has a damaged written'],
    ['another end', (one) => ({ ...one, end: 'done' }), 'it has a damaged end'],
    ['no end', ({ end: _, ...one }) => one, 'it has no end'],
    ['a contradiction', (one) => ({ ...one, complete: false }), 'its end and complete disagree'],
    ['a digest without a size', ({ bytes: _, ...one }) => one, 'it has only one of bytes and sha256'],
    ['no time', (one) => ({ ...one, endedAt: 'x' }), 'it has a damaged endedAt'],
  ])('%s is not a receipt', async (_what, damage, message) => {
    const { receipt } = await published('users.csv', csv());
    expect(await verifyReceipt(damage(receipt))).toMatchObject({
      matches: false,
      reason: 'not-a-receipt',
      message: expect.stringContaining(message),
    });
  });

  it('an option that is not valid is refused', async () => {
    await expect(verifyReceipt({}, { path: '' })).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
    await expect(verifyReceipt({}, Object({ file: 'x' }))).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
    });
  });
});
