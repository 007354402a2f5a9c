import { type ChildProcess, execFileSync } from 'node:child_process';
import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/core/clock.js';
import type { Sandbox } from '../../lib/sandbox/index.js';
import { ndjsonOf, newFolder, requestsAt, sandboxFor } from './sandbox-for.js';
import { at, runCli, startCli } from './start-cli.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** A sandbox that answers three requests and then hangs. */
function stuckSandbox(): Promise<Sandbox> {
  return sandboxFor({ users: 1000, faults: [{ kind: 'hang', afterRequests: 3 }] });
}

describe('an interrupted run', () => {
  it.each(SIGNALS)(
    'a run exits on %s with the code that shells give the signal, with whole lines, and does not claim to be complete',
    async (signal) => {
      const sandbox = await stuckSandbox();
      const { child, lines, ended } = startCli(['users', ...at(sandbox), '--page-size', '200']);
      await lines(600);
      await requestsAt(sandbox, 4);
      child.kill(signal);
      const { code, stdout, stderr } = await ended;
      expect(code).toBe(EXIT_CODES[signal]);
      expect(ndjsonOf(sandbox).startsWith(stdout)).toBe(true);
      expect(stdout).toMatch(/\n$/);
      expect(stderr).toMatch(
        /^600 users, 3 pages, .*: interrupted, there may be more; with --resume FILE the next run could continue from here\n$/,
      );
    },
  );

  it.each(SIGNALS)('with --resume, a run prints after %s the command that continues it', async (signal) => {
    const sandbox = await stuckSandbox();
    const folder = await newFolder();
    const out = join(folder, 'users.ndjson');
    const args = ['users', ...at(sandbox), '--page-size', '200', '--resume', "user's checkpoint"];
    const within = ['sh', '-c', 'exec "$@" >> users.ndjson', 'sh'];
    const first = startCli(args, { cwd: folder, within });
    await requestsAt(sandbox, 4);
    first.child.kill(signal);
    const { code, stderr } = await first.ended;
    expect(code).toBe(EXIT_CODES[signal]);
    expect((await readFile(out, 'utf8')).split('\n')).toHaveLength(601);
    const command = /position saved in user's checkpoint; continue with: (.*)\n$/.exec(stderr)?.[1] ?? '';
    const second = await runCli([], { cwd: folder, within: ['sh', '-c', `${command} >> users.ndjson`] });
    expect(second.stderr).toMatch(/^400 more users, .*: complete\n$/);
    expect(await readFile(out, 'utf8')).toBe(ndjsonOf(sandbox));
  });

  it.each(SIGNALS)('%s ends a run that waits for the reader of a named pipe', async (signal) => {
    const pipe = join(await newFolder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    const { child, ended } = startCli(['users', '--sandbox', '10', '--output', 'ndjson', '--out', pipe]);
    await listening(child);
    child.kill(signal);
    const { code, stderr } = await ended;
    expect(stderr).toBe('interrupted before anything was read\n');
    expect(code).toBe(EXIT_CODES[signal]);
  });

  it('a run writes through a named pipe once something reads it', async () => {
    const pipe = join(await newFolder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    const { child, ended } = startCli(['users', '--sandbox', '10', '--output', 'ndjson', '--out', pipe]);
    await listening(child);
    const reader = await open(pipe);
    expect((await reader.readFile('utf8')).trimEnd().split('\n')).toHaveLength(10);
    await reader.close();
    expect((await ended).code).toBe(0);
  });

  it('an interrupted run with --out leaves a file that agrees with its checkpoint', async () => {
    const sandbox = await stuckSandbox();
    const folder = await newFolder();
    const [out, resume] = [join(folder, 'users.ndjson'), join(folder, 'checkpoint')];
    const args = ['users', ...at(sandbox), '--page-size', '200', '--resume', resume, '--out', out];
    const { child, ended } = startCli(args);
    await requestsAt(sandbox, 4);
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    const { outputBytes } = JSON.parse(await readFile(resume, 'utf8')).entries.users;
    expect(outputBytes).toBe((await stat(out)).size);
    expect(await runCli(args)).toMatchObject({ code: 0 });
    expect(await readFile(out, 'utf8')).toBe(ndjsonOf(sandbox));
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
