import { execFileSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ndjson } from '../../lib/destinations/formats/index.js';
import { fromPages } from '../../lib/from-pages.js';
import { file, snapshot, updateSnapshot } from '../../lib/node/index.js';
import { temporaryFolders } from '../support/temporary-folders.js';

const newFolder = temporaryFolders('mounted');

/** Mounts a file at another one, as a container does with a file that it is given; false if only root may do that. */
function mountFile(from: string, to: string): boolean {
  try {
    execFileSync('mount', ['--bind', from, to], { stdio: 'ignore' });
  } catch {
    return false;
  }
  onTestFinished(() => void execFileSync('umount', ['-l', to]));
  return true;
}

let requests = 0;
const list = () =>
  fromPages(async () => {
    requests++;
    return { items: [{ Id: '1' }], next: undefined };
  });

it.for<[what: string, write: (path: string) => Promise<unknown>]>([
  ['a drain', (path) => list().drainTo(file(path, { format: ndjson() }))],
  ['a snapshot', (path) => snapshot(list(), path)],
  [
    'the update of a snapshot',
    async (path) => {
      for await (const _ of updateSnapshot(list(), path));
    },
  ],
])('%s does not list anything for a file that is mounted by itself', async ([, write], { skip }) => {
  const [outside, inside] = [await newFolder(), await newFolder()];
  await snapshot(list(), join(outside, 'rows'));
  const before = await readFile(join(outside, 'rows'));
  await writeFile(join(inside, 'my rows'), '');
  if (!mountFile(join(outside, 'rows'), join(inside, 'my rows'))) skip('mounting needs root');
  requests = 0;
  const reason = 'it is mounted by itself and cannot be replaced; mount its folder instead';
  const error: unknown = await write(join(inside, 'my rows')).catch((error: unknown) => error);
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  expect(cause).toMatchObject({ code: 'EBUSY', message: reason });
  expect(requests).toBe(0);
  expect(await readFile(join(outside, 'rows'))).toEqual(before);
  expect(await readdir(inside)).toEqual(['my rows']);
});
