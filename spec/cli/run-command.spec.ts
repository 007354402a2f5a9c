import { expect, it } from 'vitest';
import type { CliProcess } from '../../lib/cli/cli-process.js';
import { runCommand } from '../../lib/cli/run-command.js';

/** A process that notes what is written to standard error, and can be sent a signal. */
function processOf() {
  const listeners = new Map<string, (name: NodeJS.Signals) => void>();
  const lines: string[] = [];
  const cli: CliProcess = {
    argv: [],
    stdout: { isTTY: false, fd: 1, write: () => {} },
    stderr: { isTTY: false, columns: 80, write: (text) => lines.push(text) },
    on: (name, listener) => listeners.set(name, listener),
    off: (name) => listeners.delete(name),
    exit: () => {},
  };
  return { cli, lines, listeners };
}

const WORDS = { noun: 'user', whenInterrupted: 'interrupted: nothing was written' };

it('a command closes what it opened when it ends, the last one first', async () => {
  const { cli, listeners } = processOf();
  const closed: string[] = [];
  const code = await runCommand({ cli, ...WORDS }, async ({ closeAtEnd }) => {
    for (const name of ['output', 'instance']) closeAtEnd({ close: async () => void closed.push(name) });
    return 0;
  });
  expect(code).toBe(0);
  expect(closed).toEqual(['instance', 'output']);
  expect(listeners.size).toBe(0);
});

it('a command closes the rest although one cannot be closed, and throws why', async () => {
  const { cli } = processOf();
  const closed: string[] = [];
  const run = runCommand({ cli, ...WORDS }, async ({ closeAtEnd }) => {
    closeAtEnd({ close: async () => void closed.push('output') });
    closeAtEnd({ close: () => Promise.reject(new Error('no space left')) });
    return 0;
  });
  await expect(run).rejects.toThrow('no space left');
  expect(closed).toEqual(['output']);
});

it('a command that is ended by a signal says what happened to its work, and exits with the code that shells use', async () => {
  const { cli, lines, listeners } = processOf();
  const code = await runCommand({ cli, ...WORDS }, async ({ signal }) => {
    listeners.get('SIGTERM')?.('SIGTERM');
    signal.throwIfAborted();
    return 0;
  });
  expect(code).toBe(143);
  expect(lines).toEqual(['interrupted: nothing was written\n']);
});

it('a command throws an error that no signal caused', async () => {
  const { cli, lines } = processOf();
  const run = runCommand({ cli, ...WORDS }, () => Promise.reject(new Error('access denied')));
  await expect(run).rejects.toThrow('access denied');
  expect(lines).toEqual([]);
});
