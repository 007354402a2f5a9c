import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startSandbox } from '../../lib/sandbox/index.js';
import { type CookbookFolder, cookbookFolder } from '../cookbook/cookbook-folder.js';
import { CLEAN_ENV } from '../support/clean-env.js';
import { tables } from '../support/tables.js';
import { startQueueService } from './start-queue-service.js';

/** Four invocations or more: each has its deadline after `SLICE` users, however fast the machine is. */
const [USERS, SLICE] = [20_000, 6_000];

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
      const { end, names: more } = await invoke(body, { cwd, env, ...(isToDie && { killAt: 500 }) });
      ends.push(end);
      names.push(...more);
      if (end === 'ok') queue.messages.shift();
      // The lock of the killed one holds for another 20 s or more, unless a busy machine takes as long to get there.
      else if (end === 'failed') await new Promise((resolve) => setTimeout(resolve, 10_000));
    }
    expect(ends.filter((end) => end === 'killed')).toHaveLength(1);
    expect(ends.filter((end) => end === 'ok').length).toBeGreaterThan(3);
    const all = [...sandbox.directory.users()].map(({ Username }) => Username);
    expect(new Set(names)).toEqual(new Set(all));
    // A page for the kill, and the current user of each slice.
    expect(names.length - USERS).toBeLessThanOrEqual(1_000 + ends.length);
    // A message that is delivered once more, after the end.
    expect(await invoke('continue', { cwd, env })).toEqual({ end: 'ok', names: [] });
  }, 900_000);
});

interface Invocation {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Its process is killed when it has handled that many users. */
  readonly killAt?: number;
}

/** Runs the function in its own process for one message: how it ended, and the users that it handled. */
async function invoke(body: string, { cwd, env, killAt }: Invocation) {
  const program = `
    const print = console.log;
    const deadline = new AbortController();
    AbortSignal.timeout = () => deadline.signal;
    let handled = 0;
    console.log = (name) => {
      print(name);
      handled++;
      if (handled === ${killAt}) process.kill(process.pid, 'SIGKILL');
      if (handled === ${SLICE}) deadline.abort();
    };
    const { handler } = await import('./continued.js');
    await handler({ Records: [{ body: ${JSON.stringify(body)} }] }, { getRemainingTimeInMillis: () => 900_000 });`;
  // Into a file each line is written before the next one: nothing is lost, and nothing has to be read in time.
  const path = join(cwd, 'names.txt');
  const file = await open(path, 'w');
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd,
    env,
    stdio: ['ignore', file.fd, 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [code, signal] = await once(child, 'close');
  await file.close();
  const end = signal === 'SIGKILL' ? 'killed' : code === 0 ? 'ok' : 'failed';
  return { end, names: (await readFile(path, 'utf8')).split('\n').slice(0, -1) };
}
