import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mayRun, ownIdentity } from '../../lib/node/files/process-identity.js';

// Above the largest process number of Linux (4,194,304), so no process has it.
const NO_PROCESS = 99_999_999;

describe('a process', () => {
  it('this process counts as running', async () => {
    const own = await ownIdentity();
    expect(own.pid).toBe(process.pid);
    expect(await mayRun(own)).toBe(true);
  });

  it('this process started before now, and after the system', async () => {
    const { startedAt } = await ownIdentity();
    const sinceStartMs = Date.now() - Date.parse(startedAt);
    expect(Math.abs(sinceStartMs - process.uptime() * 1000)).toBeLessThan(1000);
  });

  it('a process does not run if no process has its number', async () => {
    expect(await mayRun({ ...(await ownIdentity()), pid: NO_PROCESS })).toBe(false);
  });

  it('a process on another host counts as running, whatever its number', async () => {
    expect(await mayRun({ ...(await ownIdentity()), pid: NO_PROCESS, host: 'build-7' })).toBe(true);
  });

  it('a process with an unknown start counts as running if its number is in use', async () => {
    const { start: _, ...own } = await ownIdentity();
    expect(await mayRun(own)).toBe(true);
  });

  it.skipIf(process.platform !== 'linux')(
    'a process does not run if its number was given to another',
    async () => {
      const own = await ownIdentity();
      expect(own.start).toMatch(/^[\da-f-]{36}:\d+$/);
      expect(await mayRun({ ...own, start: `${own.start}0` })).toBe(false);
    },
  );

  it.skipIf(process.platform !== 'linux')('a zombie does not count as running', async () => {
    // The child ends only once the shell has become `sleep`, which never collects an exit code.
    const parent = spawn('sh', ['-c', 'exec 3<&0; (read line <&3) & echo $!; exec sleep 60'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    onTestFinished(() => void parent.kill('SIGKILL'));
    const [line] = (await once(createInterface(parent.stdout), 'line')) as [string];
    const pid = Number(line);
    const ofParent = `/proc/${parent.pid}/comm`;
    await expect.poll(() => readFile(ofParent, 'utf8'), { timeout: 20_000 }).toBe('sleep\n');
    parent.stdin.end();
    await expect.poll(() => readFile(`/proc/${pid}/stat`, 'utf8'), { timeout: 20_000 }).toMatch(/\) Z /);
    const { start: _, ...own } = await ownIdentity();
    expect(await mayRun({ ...own, pid })).toBe(false);
  });
});
