import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fileCheckpoint } from '../../lib/node/file-checkpoint.js';
import { cursorAt } from '../support/cursor-at.js';
import { hasNamespaces, IN_NAMESPACE } from '../support/namespace.js';
import { startChild } from './start-child.js';

const options = { timeout: 120_000 };

/** A container that holds the lock of a checkpoint, with its process in it. */
async function heldElsewhere() {
  const folder = await mkdtemp(join(tmpdir(), 'pageturn-namespaces-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'users.json');
  const { child } = await startChild('hold', path, { within: IN_NAMESPACE });
  const inner = Number(await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8'));
  return { folder, path, child, inner };
}

describe.skipIf(!hasNamespaces)('a lock of another container', () => {
  it(
    'a lock whose container is gone is taken over after 30 s, with the position saved in it',
    options,
    async () => {
      const { folder, path, child } = await heldElsewhere();
      child.kill('SIGKILL');
      await once(child, 'exit');
      const store = fileCheckpoint(path, { onLocked: 'watch' });
      const startedAt = performance.now();
      const release = await store.lock('users');
      expect(performance.now() - startedAt).toBeGreaterThan(29_000);
      expect(await store.load('users')).toEqual(cursorAt(7));
      await release();
      expect(await readdir(folder)).toEqual(['users.json']);
    },
  );

  it('a process that was stopped until its lock was taken over writes nothing', options, async () => {
    const { path, child, inner } = await heldElsewhere();
    process.kill(inner, 'SIGSTOP');
    const store = fileCheckpoint(path, { onLocked: 'watch' });
    const release = await store.lock('users');
    await store.save('users', cursorAt(8));
    process.kill(inner, 'SIGCONT');
    const answer = once(createInterface(child.stdout as Readable), 'line');
    child.stdin?.write('\n');
    expect(JSON.parse(String(await answer))).toMatchObject({
      code: 'ERR_CHECKPOINT_LOCKED',
      message: expect.stringContaining('took the lock over while this one did not respond'),
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    await store.save('users', cursorAt(8));
    expect(await store.load('users')).toEqual(cursorAt(8));
    await release();
  });
});
