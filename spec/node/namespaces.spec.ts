import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileCheckpoint } from '../../lib/node/file-checkpoint.js';
import { ELSEWHERE, hasNamespaces, IN_NAMESPACE } from '../support/namespace.js';
import { askChild, startChild } from './start-child.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pageturn-namespaces-'));
  path = join(folder, 'users.json');
});
afterEach(() => rm(folder, { recursive: true }));

describe.skipIf(!hasNamespaces)('two containers with one host name and one folder', () => {
  const within = IN_NAMESPACE;

  it.each(ELSEWHERE)(
    'of two processes one of which is %s, one gets a lock, whichever starts first',
    async (place, elsewhere) => {
      const { child } = await startChild('hold', path, { within: elsewhere });
      for (const there of [elsewhere, []]) {
        expect(await askChild('save', path, { within: there })).toMatchObject({
          code: 'ERR_CHECKPOINT_LOCKED',
          message: expect.stringContaining(
            place.includes('host') && there.length === 0 ? 'other-host' : 'in another container',
          ),
        });
      }
      child.kill('SIGKILL');
      await once(child, 'exit');
      await rm(`${path}.lock`);

      const release = await fileCheckpoint(path).lock('users');
      expect(await askChild('save', path, { within: elsewhere })).toMatchObject({
        code: 'ERR_CHECKPOINT_LOCKED',
      });
      await release();
      expect(await askChild('save', path, { within: elsewhere })).toEqual({ saved: true });
    },
  );

  it('a container that is refused a lock leaves the temporary files of the holder alone', async () => {
    const release = await fileCheckpoint(path).lock('users');
    // The number of no process in the other container.
    const temporary = `${path}.999999.3f2a9c10-6d1e-4b8a-9c55-0d2f7e4b1a66.tmp`;
    await writeFile(temporary, 'half');
    expect(await askChild('save', path, { within })).toMatchObject({ code: 'ERR_CHECKPOINT_LOCKED' });
    expect(await askChild('snapshot', path, { within })).toMatchObject({ code: 'ERR_FILE_LOCKED' });
    expect(await readdir(folder)).toContain('users.json.999999.3f2a9c10-6d1e-4b8a-9c55-0d2f7e4b1a66.tmp');
    await release();
  });

  it('a process in a namespace without its own /proc respects its own lock', async () => {
    // Without --mount-proc, /proc shows the processes of the parent: other ones under the same numbers.
    const bare = ['unshare', '--pid', '--fork', '--kill-child'];
    expect(await askChild('hold-and-save', path, { within: bare })).toMatchObject({
      code: 'ERR_CHECKPOINT_LOCKED',
      message: expect.stringContaining('in use by this process'),
    });
  });
});
