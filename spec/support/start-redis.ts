import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis, type RedisOptions } from 'ioredis';
import { canRun } from './can-run.js';
import { freePort } from './free-port.js';

export interface RedisServer extends AsyncDisposable {
  readonly port: number;
  /** How to connect, such as `redis://127.0.0.1:6379`. */
  readonly url: string;
  /** A connection to it, closed with the server; a lost connection is not an unhandled error. */
  client(options?: Omit<RedisOptions, 'replyMapping'>): Redis;
  /** Starts it again on the same port, after `stop` or `kill`. */
  start(): Promise<void>;
  /** Ends it in good order. */
  stop(): Promise<void>;
  /** Ends it as a crash does (SIGKILL). */
  kill(): Promise<void>;
  /** Stops its process (SIGSTOP): connections stay open, and nothing answers. */
  pause(): void;
  /** Lets it run again (SIGCONT). */
  resume(): void;
}

export interface RedisServerOptions {
  /** Keeps every write in a file before it is answered (AOF, `appendfsync always`), so that it survives `kill`. Default false. */
  readonly appendOnly?: boolean;
  /** More settings of redis.conf, such as `{ 'cluster-enabled': 'yes' }`; one of several words is a list. */
  readonly config?: Readonly<Record<string, string | readonly string[]>>;
}

/** Whether Debian's package redis-server is installed. */
export const hasRedis = canRun('redis-server', '--version');

/** Starts a Redis of its own on a free port, in a temporary folder that is deleted with it. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'pageturn-redis-'));
  const port = await freePort();
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir: folder,
    save: '',
    appendonly: options.appendOnly ? 'yes' : 'no',
    appendfsync: 'always',
    ...options.config,
  };
  const command = Object.entries(settings).flatMap(([name, value]) => [`--${name}`].concat(value));
  const clients: Redis[] = [];
  let child: ChildProcess | undefined;

  const start = async () => {
    child ??= await launch(command);
  };
  const end = async (signal: NodeJS.Signals) => {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill('SIGCONT');
    ending.kill(signal);
    await ended;
  };
  await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    client(more = {}) {
      const client = new Redis(port, '127.0.0.1', more);
      client.on('error', () => {});
      clients.push(client);
      return client;
    },
    start,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.disconnect();
      await end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs a server until it accepts connections. */
function launch(command: readonly string[]): Promise<ChildProcess> {
  const child = spawn('redis-server', command, { stdio: ['ignore', 'pipe', 'ignore'] });
  let log = '';
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`redis-server ended at its start: ${log}`)));
    child.stdout.on('data', (text) => {
      log = (log + text).slice(-2_000);
      if (log.includes('Ready to accept connections')) resolve(child);
    });
  });
}
