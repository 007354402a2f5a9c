import { type ChildProcess, execFileSync } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemClock } from '../../lib/core/clock.js';
import { at } from '../support/at.js';
import { ndjsonOf, newFolder, requestsAt, sandboxFor } from '../support/sandbox-for.js';
import { runCli, startCli } from './start-cli.js';

it('after a signal a run prints the command that continues it, and that command does', async () => {
  const sandbox = await sandboxFor({ users: 1000, faults: [{ kind: 'hang', afterRequests: 3 }] });
  const folder = await newFolder();
  const args = ['users', ...at(sandbox), '--page-size', '200', '--out', "the user's.ndjson"];
  const first = startCli(args, { cwd: folder });
  await requestsAt(sandbox, 4);
  first.child.kill('SIGHUP');
  const { code, stderr } = await first.ended;
  expect(code).toBe(129);
  const command = /kept in the user's\.ndjson\.spool; continue with: (.*)\n$/.exec(stderr)?.[1] ?? '';
  const second = await runCli([], { cwd: folder, within: ['sh', '-c', command] });
  expect(second.stderr).toMatch(/^1,000 users, .* in 2 runs, .*: complete\n$/);
  expect(await readFile(join(folder, "the user's.ndjson"), 'utf8')).toBe(ndjsonOf(sandbox));
});

it('a signal ends a run that waits for the reader of a named pipe', async () => {
  const pipe = join(await newFolder(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  const { child, ended } = startCli(['users', '--sandbox', '10', '--output', 'ndjson', '--out', pipe]);
  await listening(child);
  child.kill('SIGTERM');
  const { code, stderr } = await ended;
  expect(stderr).toBe('interrupted before anything was read\n');
  expect(code).toBe(143);
});

it('a run writes through a named pipe once something reads it', async () => {
  const pipe = join(await newFolder(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  const { child, ended } = startCli(['users', '--sandbox', '10', '--out', pipe]);
  await listening(child);
  const reader = await open(pipe);
  expect((await reader.readFile('utf8')).trimEnd().split('\n')).toHaveLength(10);
  await reader.close();
  expect((await ended).code).toBe(0);
});

it('a second SIGINT ends the run at once even if its output is blocked', async () => {
  const sandbox = await sandboxFor({ users: 20_000 });
  const { child, lines, ended } = startCli(['users', ...at(sandbox)]);
  await lines(1);
  child.stdout?.pause();
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  for (; isRunning(); await systemClock.sleep(150)) child.kill('SIGINT');
  child.stdout?.resume();
  const { code, signal } = await ended;
  expect([130, 'SIGINT']).toContain(code ?? signal);
});

/** Resolves once a program handles signals, as the set of caught ones in /proc shows. */
async function listening({ pid }: ChildProcess): Promise<void> {
  const SIGHUP_BIT = 1n;
  for (;;) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0';
    if (BigInt(`0x${caught}`) & SIGHUP_BIT) return;
    await systemClock.sleep(5);
  }
}
