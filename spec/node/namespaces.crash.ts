import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, type TestContext } from 'vitest';
import { fileCheckpoint } from '../../lib/node/file-checkpoint.js';
import { cursorAt } from '../support/cursor-at.js';
import { ELSEWHERE, hasNamespaces } from '../support/namespace.js';
import { scriptPath } from '../support/script.js';
import { startChild } from './start-child.js';

const MINUTE_MS = 60_000;
const options = { timeout: 4 * MINUTE_MS };

async function newFolder({ onTestFinished }: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'pageturn-namespaces-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** The process behind one that was started elsewhere, as it is seen from here: programs on the way have one child each. */
async function innermost(child: ChildProcess): Promise<number> {
  for (let pid = child.pid ?? 0; ; ) {
    const [next] = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ');
    if (!next) return pid;
    pid = Number(next);
  }
}

async function heldElsewhere(context: TestContext, within: readonly string[]) {
  const folder = await newFolder(context);
  const path = join(folder, 'users.json');
  const { child, lines } = await holder(path, within);
  return { folder, path, child, lines, inner: await innermost(child) };
}

async function holder(path: string, within: readonly string[]) {
  const { child } = await startChild('hold', path, { within });
  if (!child.stdout) throw new Error('the child has no output');
  return { child, lines: createInterface(child.stdout) };
}

/** A drain that stands still after five batches, until it gets a line of input. */
async function drain(path: string, within: readonly string[]) {
  const [program = '', ...command] = [...within, process.execPath, scriptPath('node/drain-child'), path, '5'];
  const child = spawn(program, command, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  for (let n = 0; n < 5; n++) await lines.next();
  return {
    child,
    /** Lets it run on; resolves to the last line that it prints. */
    async end() {
      child.stdin.write('\n');
      let last = '';
      for (let line = await lines.next(); !line.done; line = await lines.next()) last = line.value;
      return JSON.parse(last) as Readonly<Record<string, unknown>>;
    },
  };
}

// They wait for minutes rather than work, so they wait together.
describe.skipIf(!hasNamespaces).concurrent('a lock of a process that cannot be seen', options, () => {
  it.for(ELSEWHERE)(
    'a lock whose holder was killed %s is taken over after 30 s, with the position saved in it',
    async ([, within], context) => {
      const { folder, path, child } = await heldElsewhere(context, within);
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

  it.for(ELSEWHERE)(
    'a process that is stopped for a minute %s, and wakes after its lock was taken over, writes nothing',
    async ([, within], context) => {
      const { path, child, lines, inner } = await heldElsewhere(context, within);
      process.kill(inner, 'SIGSTOP');
      const minute = new Promise((resolve) => setTimeout(resolve, MINUTE_MS));
      const store = fileCheckpoint(path, { onLocked: 'watch' });
      const release = await store.lock('users');
      await store.save('users', cursorAt(8));
      await minute;
      process.kill(inner, 'SIGCONT');
      const answer = once(lines, 'line');
      child.stdin?.write('\n');
      expect(JSON.parse(String(await answer))).toMatchObject({
        code: 'ERR_CHECKPOINT_LOCKED',
        message: expect.stringContaining('took the lock over while this one did not respond'),
      });
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect(await store.load('users')).toEqual(cursorAt(8));
      await store.save('users', cursorAt(9));
      await release();
    },
  );

  it.for(ELSEWHERE)(
    'a drain that is stopped for a minute %s, and wakes while another one writes the file, adds no row to it',
    async ([, within], context) => {
      const folder = await newFolder(context);
      const path = join(folder, 'rows.csv');
      const stopped = await drain(path, within);
      const inner = await innermost(stopped.child);
      process.kill(inner, 'SIGSTOP');
      const minute = new Promise((resolve) => setTimeout(resolve, MINUTE_MS));
      const successor = await drain(path, []);
      await minute;
      process.kill(inner, 'SIGCONT');
      expect(await stopped.end()).toMatchObject({
        code: 'ERR_FILE_LOCKED',
        message: expect.stringContaining('took the lock over while this one did not respond'),
      });
      expect(await successor.end()).toMatchObject({
        complete: true,
        items: 3_000,
        written: 3_000,
        resumed: 1,
      });
      const expected = Array.from({ length: 3_000 }, (_, n) => `i${n},${new Date(n).toISOString()}\n`);
      expect(await readFile(path, 'utf8')).toBe(`Id,at\n${expected.join('')}`);
      expect(await readdir(folder)).toEqual(['rows.csv']);
    },
  );
});
