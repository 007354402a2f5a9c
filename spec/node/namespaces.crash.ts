import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { fileCheckpoint } from '../../lib/node/file-checkpoint.js';
import { cursorAt } from '../support/cursor-at.js';
import { hasNamespaces, IN_NAMESPACE } from '../support/namespace.js';
import { startChild } from './start-child.js';

it.skipIf(!hasNamespaces)(
  'a lock whose container is gone is taken over after 30 s, with the position saved in it',
  { timeout: 120_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pageturn-namespaces-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'users.json');
    const { child } = await startChild('hold', path, { within: IN_NAMESPACE });
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
