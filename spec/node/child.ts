// A separate process for the specs: `child.ts <task> <path>`. Prints one line of JSON.

import type { PageturnError } from '../../lib/core/errors.js';
import { fileCheckpoint } from '../../lib/node/file-checkpoint.js';
import { snapshot } from '../../lib/node/snapshot/snapshot.js';
import { cursorAt } from '../support/cursor-at.js';

const [task, path = ''] = process.argv.slice(2);
const store = fileCheckpoint(path);

if (task === 'hold') {
  await store.lock('users');
  await store.save('users', cursorAt(7));
  console.log(JSON.stringify({ held: true }));
  // Each line of its input asks for another save.
  process.stdin.on('data', () => answer(() => store.save('users', cursorAt(9))));
} else if (task === 'hold-and-save') {
  const release = await store.lock('users');
  await answer(() => fileCheckpoint(path).save('users', cursorAt(1)));
  await release();
} else if (task === 'snapshot') {
  await answer(() => snapshot(noUsers(), path));
} else {
  // File permissions do not apply to root.
  if (task === 'save-as-other-user' && process.getuid?.() === 0) process.setuid?.(65_534);
  await answer(() => store.save('users', cursorAt(2, { token: 't'.repeat(100_000) })));
}

async function answer(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
    console.log(JSON.stringify({ saved: true }));
  } catch (error) {
    const { code, message, cause } = error as PageturnError;
    console.log(JSON.stringify({ code, message, cause: (cause as NodeJS.ErrnoException)?.code }));
  }
}

async function* noUsers(): AsyncGenerator<{ Id: string }> {}
