import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drainQueue } from '../../lib/bullmq/index.js';
import { type Sandbox, startSandbox } from '../../lib/sandbox/index.js';
import { freePort } from '../support/free-port.js';
import { hasRedis, type RedisServer, startRedis } from '../support/start-redis.js';
import { runCli, startCli } from './run-in-process.js';

describe.skipIf(!hasRedis)('pageturn enqueue and worker (need the Debian package redis-server)', () => {
  let server: RedisServer;
  let sandbox: Sandbox;
  let folder: string;
  beforeAll(async () => {
    server = await startRedis();
    sandbox = await startSandbox({ users: [3, 5], ratePerSecond: Number.POSITIVE_INFINITY });
    folder = await mkdtemp(join(tmpdir(), 'pageturn-fleet-'));
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await sandbox?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const queueOf = (name: string) => ['--redis', server.url, '--queue', name];
  const add = (name: string, ids: readonly string[], ...more: string[]) => {
    const out = join(folder, `${name}-{instance}.csv`);
    const connection = ['--endpoint-url', sandbox.endpoint, '--region', 'us-east-1'];
    return runCli([
      'enqueue',
      ...queueOf(name),
      ...ids.flatMap((id) => ['--instance-id', id]),
      ...['--run', 'monday', '--out', out],
      ...[...connection, ...more],
    ]);
  };
  const work = (name: string, ...more: string[]) =>
    runCli(['worker', ...queueOf(name), '--until-empty', ...more], {
      env: { AWS_ACCESS_KEY_ID: 'sandbox', AWS_SECRET_ACCESS_KEY: 'sandbox' },
    });

  it('a worker writes a file for each instance that was added, and adding them again says that they are there', async () => {
    const ids = sandbox.instances.slice(0, 2).map(({ id }) => id);
    expect(await add('two', ids, '--columns', 'Username')).toMatchObject({
      code: 0,
      stderr: 'added 2 jobs to the queue two for the run monday\n',
    });
    const { code, stderr } = await work('two');
    expect(code).toBe(0);
    for (const [n, id] of ids.entries()) {
      const path = join(folder, `two-${id}.csv`);
      expect((await readFile(path, 'utf8')).trim().split('\n')).toHaveLength([4, 6][n] ?? 0);
      expect(stderr).toContain(`users-${id}-monday: ${[3, 5][n]} users in ${path}\n`);
    }
    expect(await add('two', ids)).toMatchObject({
      code: 0,
      stderr:
        'added 0 jobs to the queue two for the run monday\n2 jobs of this run were already in the queue: 2 completed\n',
    });
  });

  it('sandboxes are added as many as --instances says, each with as many users as --sandbox says', async () => {
    const out = ['--out', join(folder, 'sandboxes-{instance}.csv')];
    const added = await runCli([
      'enqueue',
      ...queueOf('sandboxes'),
      ...['--sandbox', '3', '--instances', '2', '--run', 'monday'],
      ...out,
    ]);
    expect(added.stderr).toBe('added 2 jobs to the queue sandboxes for the run monday\n');
    expect((await work('sandboxes')).code).toBe(0);
    for (const n of [1, 2]) {
      const text = await readFile(join(folder, `sandboxes-sandbox-${n}.csv`), 'utf8');
      expect(text.trim().split('\n')).toHaveLength(4);
    }
  });

  it('a job that fails for good is one line and exit code 1, and --retry runs it again', async () => {
    const missing = '11111111-2222-3333-4444-555555555555';
    await add('missing', [missing]);
    const { code, stderr } = await work('missing');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^users-\S+-monday: ResourceNotFoundException: .* \(not retried\)$/m);
    expect(stderr).toContain('1 job failed; pageturn enqueue --retry runs them again\n');
    const again = await add('missing', [missing], '--retry');
    expect(again.stderr).toContain('1 job of this run was already in the queue: 1 retried\n');
    expect((await work('missing')).code).toBe(1);
  });

  it('a job that another version wrote fails with one clear error, and runs once it is one that the worker knows', async () => {
    const out = join(folder, 'other.csv');
    const known = { version: 1, instance: 'one', sandbox: { users: 2, seed: 1 }, options: { out } };
    const queue = await drainQueue<object>(server.url, { name: 'other' });
    const others = {
      newer: { ...known, version: 2 },
      older: { ...known, version: undefined },
      longer: { ...known, options: { out, since: 'monday' } },
      wider: { ...known, account: 'another' },
      shorter: { version: 1, instance: 'one' },
    };
    for (const [id, data] of Object.entries(others))
      await queue.add(id, data, { name: 'users', attempts: 1 });
    const { code, stderr } = await work('other');
    expect(code).toBe(1);
    for (const id of Object.keys(others)) {
      expect(stderr).toContain(
        `${id}: this worker has no code for the job "${id}" ("users"); deploy the version that has it`,
      );
      const job = await queue.bullmq.getJob(id);
      expect(await job?.getState()).toBe('failed');
      await (id === 'newer' ? job?.updateData(known).then(() => job.retry()) : job?.remove());
    }
    expect(await work('other')).toMatchObject({ code: 0 });
    expect((await readFile(out, 'utf8')).trim().split('\n')).toHaveLength(3);
    await queue.close();
  });

  it('jobs of one Region share the pace of its quota, however many run at the same time', async () => {
    await using api = await startSandbox({ users: 1, ratePerSecond: 4, burst: 5 });
    const ids = api.instances.slice(0, 8).map(({ id }) => id);
    await add('paced', ids, '--endpoint-url', api.endpoint);
    expect((await work('paced', '--concurrency', '8')).code).toBe(0);
    expect(api.stats()).toMatchObject({ requests: 8, throttles: 0 });
  });

  it('a worker that is asked to end says so and exits with the code of the signal', async () => {
    const running = startCli(['worker', ...queueOf('empty')]);
    while (!running.stderr().includes('running 5 jobs'))
      await new Promise((resolve) => setImmediate(resolve));
    running.kill('SIGTERM');
    expect(await running.ended).toMatchObject({
      code: 143,
      stderr: expect.stringContaining('handed its jobs to the other workers\n'),
    });
  });
});

describe('pageturn enqueue and worker', () => {
  const out = ['--out', 'users-{instance}.csv'];

  it.each([['enqueue', '--sandbox', '2', ...out], ['worker']])(
    '%s says at once that it waits for Redis, and ends the wait at a signal',
    async (...args) => {
      const port = await freePort();
      const running = startCli([...args, '--redis', `redis://127.0.0.1:${port}`]);
      while (!running.stderr().includes('\n')) await new Promise((resolve) => setImmediate(resolve));
      running.kill('SIGINT');
      const { code, stderr } = await running.ended;
      expect(code).toBe(130);
      expect(stderr).toContain(`waiting for Redis at 127.0.0.1:${port} (ECONNREFUSED), for 10 s at most\n`);
    },
  );

  it.each([
    [['enqueue', ...out], '--instance-id is missing; to try the command without an instance, use --sandbox'],
    [['enqueue', '--sandbox', '2'], "required option '--out <file>' not specified"],
    [
      ['enqueue', '--sandbox', '--instances', '2', '--out', 'users.csv'],
      '--out names one file for several instances',
    ],
    [['enqueue', '--instance-id', 'a', '--instances', '2', ...out], '--instances needs --sandbox'],
    [['enqueue', '--instance-id', 'a', '--instance-id', 'a', ...out], 'It is given twice'],
    [['enqueue', '--instance-id', 'a,b', ...out], '--instance-id a,b is not the id, the ARN or the alias'],
    [
      ['enqueue', '--sandbox', '2', '--instance-id', 'a', ...out],
      '--instance-id cannot be combined with --sandbox',
    ],
    [['enqueue', '--sandbox', '2', '--out', '-{instance}'], 'has no known ending'],
    [['enqueue', '--sandbox', '2', ...out, '--columns', 'Idd'], 'Idd'],
    [['enqueue', '--sandbox', '2', ...out, '--run', 'a:b'], 'It must have 1 to 100 letters'],
    [
      ['enqueue', '--sandbox', '2', ...out, '--redis', 'localhost:6379'],
      'connection must be a URL such as redis://',
    ],
    [['worker', '--redis', 'http://localhost'], 'connection must be a URL such as redis://localhost:6379'],
    [['worker', '--concurrency', '0'], 'It must be a whole number of at least 1'],
  ])('%j is a usage error', async (args, message) => {
    const { code, stderr } = await runCli(args);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
