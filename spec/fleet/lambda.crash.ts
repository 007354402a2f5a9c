import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startSandbox } from '../../lib/sandbox/index.js';
import { type CookbookFolder, cookbookFolder } from '../cookbook/cookbook-folder.js';
import { CLEAN_ENV } from '../support/clean-env.js';
import { tables } from '../support/tables.js';
import { startQueueService } from './start-queue-service.js';

/** Pages for three invocations or more: each has two seconds, and its pacer a burst of five and two more a second. */
const USERS = 20_000;
/** What Lambda gives an invocation; the function keeps ten seconds of it in reserve. */
const LIMIT_MS = 12_000;

const dynamo = tables();

// Lambda in small: a process for each message, which is deleted only if the process succeeds.
describe('the Lambda function of the cookbook', () => {
  let folder: CookbookFolder;
  beforeAll(async () => {
    folder = await cookbookFolder();
  });
  afterAll(() => folder?.[Symbol.asyncDispose]());

  it('the Lambda function of the cookbook handles every user in slices that continue by messages, though an invocation is killed', async () => {
    await using sandbox = await startSandbox({ users: USERS, ratePerSecond: Number.POSITIVE_INFINITY });
    await using queue = await startQueueService();
    await dynamo.createNamed('checkpoints', { name: 'key', type: 'S' });
    const env = {
      ...CLEAN_ENV,
      INSTANCE_ID: sandbox.instanceId,
      AWS_ENDPOINT_URL: sandbox.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint(),
      AWS_ENDPOINT_URL_SQS: queue.endpoint,
      QUEUE_URL: queue.queueUrl,
    };
    const cwd = folder.of('lambda');
    const names: string[] = [];
    const ends: string[] = [];
    queue.messages.push('start');
    // The kill takes back what was handled since the last save, and leaves a lock that expires.
    while (queue.messages.length > 0) {
      const [body = ''] = queue.messages;
      const isToDie = ends.includes('ok') && !ends.includes('killed');
      const killAt = isToDie ? 500 : Number.POSITIVE_INFINITY;
      const end = await invoke(body, { cwd, env, killAt, onName: (name) => names.push(name) });
      ends.push(end);
      if (end === 'ok') queue.messages.shift();
      else if (end === 'failed') await new Promise((resolve) => setTimeout(resolve, 10_000));
    }
    expect(ends.filter((end) => end === 'killed')).toHaveLength(1);
    // While the lock of the killed one holds, its message comes back.
    expect(ends.filter((end) => end === 'failed').length).toBeGreaterThan(0);
    expect(ends.filter((end) => end === 'ok').length).toBeGreaterThan(2);
    const all = [...sandbox.directory.users()].map(({ Username }) => Username);
    expect(new Set(names)).toEqual(new Set(all));
    // A page for the kill, and the current user of each slice.
    expect(names.length - USERS).toBeLessThanOrEqual(1_000 + ends.length);
    // A message that is delivered once more, after the end.
    let late = 0;
    expect(
      await invoke('continue', { cwd, env, killAt: Number.POSITIVE_INFINITY, onName: () => late++ }),
    ).toBe('ok');
    expect(late).toBe(0);
  }, 900_000);
});

interface Invocation {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Kills the process once it has handled that many users: there it stands still, however late the signal arrives. */
  readonly killAt: number;
  readonly onName: (name: string) => void;
}

/** Runs the function in a process of its own for one message, and tells how it ended. */
async function invoke(
  body: string,
  { cwd, env, killAt, onName }: Invocation,
): Promise<'ok' | 'failed' | 'killed'> {
  const program = `
    const print = console.log;
    let left = ${killAt};
    console.log = (name) => {
      print(name);
      if (--left === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    };
    const { handler } = await import('./continued.js');
    const end = performance.now() + ${LIMIT_MS};
    await handler({ Records: [{ body: ${JSON.stringify(body)} }] }, {
      getRemainingTimeInMillis: () => Math.round(end - performance.now()),
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let handled = 0;
  createInterface(child.stdout).on('line', (name) => {
    onName(name);
    if (++handled === killAt) child.kill('SIGKILL');
  });
  const [code] = await once(child, 'close');
  if (handled >= killAt) return 'killed';
  return code === 0 ? 'ok' : 'failed';
}
