import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sweepTemporaryFiles, temporaryBeside } from '../../lib/node/files/temporary-file.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pageturn-temporary-'));
  path = join(folder, 'users.json');
});
afterEach(() => rm(folder, { recursive: true }));

/** Which of the files are still there after a sweep. */
async function sweep(...names: string[]): Promise<string[]> {
  for (const name of names) await writeFile(join(folder, name), '', { flag: 'a' });
  await sweepTemporaryFiles(path);
  return (await readdir(folder)).sort();
}

describe('a sweep of temporary files', () => {
  it('a sweep removes the temporary file of a process that has ended', async () => {
    expect(await sweep(`users.json.99999999.${randomUUID()}.tmp`)).toEqual([]);
  });

  it('a sweep keeps the temporary file of another process that runs, however old', async () => {
    const name = `users.json.${process.ppid}.${randomUUID()}.tmp`;
    await writeFile(join(folder, name), '');
    await utimes(join(folder, name), 0, 0);
    expect(await sweep()).toEqual([name]);
  });

  it('a sweep keeps a temporary file that this process is writing', async () => {
    await writeFile(temporaryBeside(path), '');
    expect(await sweep()).toHaveLength(1);
  });

  it('a sweep removes a temporary file with the number of this process that is older than it', async () => {
    const old = temporaryBeside(path);
    await writeFile(old, '');
    const before = Date.now() / 1000 - process.uptime() - 60;
    await utimes(old, before, before);
    expect(await sweep()).toEqual([]);
  });

  it('a sweep keeps files with other names', async () => {
    const names = [
      'users.json',
      'users.json.99999999.tmp',
      `users.json.99999999.${randomUUID()}.tmp.txt`,
      `users.json.old.99999999.${randomUUID()}.tmp`,
      `roles.json.99999999.${randomUUID()}.tmp`,
    ];
    expect(await sweep(...names)).toEqual(names.sort());
  });
});
