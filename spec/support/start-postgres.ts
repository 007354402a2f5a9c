import { execFile, execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from './free-port.js';

const run = promisify(execFile);

export interface PostgresServer extends AsyncDisposable {
  /** How to connect, as environment variables that libpq and pg know. */
  readonly env: Readonly<Record<'PGHOST' | 'PGPORT' | 'PGUSER' | 'PGDATABASE', string>>;
  /** A pool on it. */
  pool(config?: pg.PoolConfig): pg.Pool;
  /** Ends it as a crash does. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Where Debian keeps the programs of the newest version; undefined if none is installed. */
const BIN = (() => {
  try {
    const folders = execFileSync('sh', ['-c', 'ls -d /usr/lib/postgresql/*/bin | sort -V'], {
      stdio: 'pipe',
    });
    return folders.toString().trim().split('\n').at(-1);
  } catch {
    return undefined;
  }
})();

export const hasPostgres = BIN !== undefined;

/**
 * Starts a PostgreSQL of its own in a temporary folder; the server refuses to run as root. Without `fsync` it survives
 * crashes of its own, not those of the machine.
 */
export async function startPostgres({ fsync = false } = {}): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'pageturn-postgres-'));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    await chmod(folder, 0o755);
    await run('install', ['-d', '-o', 'postgres', '-m', '0700', join(folder, 'data')]);
  }
  const data = join(folder, 'data');
  const program = (name: string, ...args: string[]) => {
    const command = [join(BIN ?? '', name), ...args];
    const [file = '', ...rest] = isRoot ? ['runuser', '-u', 'postgres', '--', ...command] : command;
    return run(file, rest, { cwd: '/' });
  };
  await program(
    'initdb',
    '-D',
    data,
    '-U',
    'pageturn',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
  );
  const port = String(await freePort());
  const options = `-p ${port} -h 127.0.0.1 -c unix_socket_directories= -c fsync=${fsync ? 'on' : 'off'} -c log_min_messages=panic`;
  // The server would keep the pipes of pg_ctl open.
  const start = async () => {
    const log = isRoot ? '/dev/null' : join(folder, 'log');
    await program('pg_ctl', '-D', data, '-w', '-o', options, '-l', log, 'start');
  };
  const stop = async () => {
    await program('pg_ctl', '-D', data, '-w', '-m', 'immediate', 'stop');
  };
  await start();
  const env = { PGHOST: '127.0.0.1', PGPORT: port, PGUSER: 'pageturn', PGDATABASE: 'postgres' };
  const pools: pg.Pool[] = [];
  return {
    env,
    pool(config = {}) {
      const pool = new pg.Pool({
        host: env.PGHOST,
        port: Number(port),
        user: env.PGUSER,
        database: 'postgres',
        ...config,
      });
      // Its connections are lost whenever the server stops.
      pool.on('error', () => {});
      pools.push(pool);
      return pool;
    },
    start,
    stop,
    async [Symbol.asyncDispose]() {
      for (const pool of pools) if (!pool.ended) pool.end();
      await stop().catch(() => {});
      await rm(folder, { recursive: true, force: true });
    },
  };
}
