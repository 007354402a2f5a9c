import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ownIdentity, type ProcessIdentity, stateOf } from '../../lib/node/files/process-identity.js';

// Above the largest process number of Linux (4,194,304), so no process has it.
const NO_PROCESS = 99_999_999;

const isLinux = process.platform === 'linux';
const own = await ownIdentity();
const stateAs = (holder: Partial<ProcessIdentity>) => stateOf({ ...own, ...holder }, own);

describe('a process', () => {
  it('this process runs', async () => {
    expect(own.pid).toBe(process.pid);
    // Without /proc the number may have been used before.
    expect(await stateAs({})).toBe(isLinux ? 'runs' : 'unknown');
  });

  it('this process started before now, and after the system', async () => {
    const sinceStartMs = Date.now() - Date.parse(own.startedAt);
    // The clock of the machine may be corrected meanwhile.
    expect(Math.abs(sinceStartMs - process.uptime() * 1000)).toBeLessThan(60_000);
  });

  it('a process has ended if no process has its number', async () => {
    expect(await stateAs({ pid: NO_PROCESS })).toBe('ended');
  });

  it.each<[string, Partial<ProcessIdentity>]>([
    ['on another host', { host: 'build-7' }],
    ['of another boot', { boot: 'another' }],
    ['in another PID namespace', { namespace: 'pid:[1]' }],
  ])('a process %s cannot be checked, whatever its number', async (_where, place) => {
    expect(await stateAs({ ...place, pid: NO_PROCESS })).toBe('unknown');
    expect(await stateAs(place)).toBe('unknown');
  });

  it.skipIf(!isLinux)('the identity of a process has its boot, its PID namespace and its start', () => {
    expect(own.boot).toMatch(/^[\da-f-]{36}$/);
    expect(own.namespace).toMatch(/^pid:\[\d+\]$/);
    expect(own.start).toMatch(/^\d+$/);
  });

  it.skipIf(!isLinux)(
    'a process that knows neither its boot nor its namespace cannot check another one',
    async () => {
      const { boot: _b, namespace: _n, ...bare } = own;
      expect(await stateOf({ ...bare, pid: NO_PROCESS }, bare)).toBe('unknown');
    },
  );

  it.skipIf(!isLinux)(
    'a process with an unknown start cannot be distinguished from a later one with its number',
    async () => {
      const { start: _, ...unknown } = own;
      expect(await stateOf(unknown, own)).toBe('unknown');
    },
  );

  it.skipIf(!isLinux)('a process has ended if its number was given to another', async () => {
    expect(await stateAs({ start: `${own.start}0` })).toBe('ended');
  });

  it.skipIf(process.platform !== 'linux')('a zombie has ended', async () => {
    // The child ends only once the shell has become `sleep`, which never collects an exit code.
    const parent = spawn('sh', ['-c', 'exec 3<&0; (read line <&3) & echo $!; exec sleep 60'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    onTestFinished(() => void parent.kill('SIGKILL'));
    const [line] = (await once(createInterface(parent.stdout), 'line')) as [string];
    const pid = Number(line);
    const ofParent = `/proc/${parent.pid}/comm`;
    await expect.poll(() => readFile(ofParent, 'utf8')).toBe('sleep\n');
    parent.stdin.end();
    await expect.poll(() => readFile(`/proc/${pid}/stat`, 'utf8')).toMatch(/\) Z /);
    expect(await stateAs({ pid })).toBe('ended');
  });
});
