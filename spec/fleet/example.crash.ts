import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSandbox } from '../../lib/sandbox/index.js';
import { CLEAN_ENV } from '../support/clean-env.js';
import { hasPostgres, startPostgres } from '../support/start-postgres.js';
import { hasRedis, startRedis } from '../support/start-redis.js';

const folder = resolve(import.meta.dirname, '../../examples/fleet');
const programOf = (name: string) => ['--import', 'tsx', '--no-warnings', `${folder}/${name}.ts`];

describe.skipIf(!hasRedis || !hasPostgres)(
  'examples/fleet (needs the Debian packages redis-server and postgresql)',
  () => {
    it('the example of a fleet adds each instance once, lists its users into PostgreSQL, and ends at SIGTERM', async () => {
      await using redis = await startRedis();
      await using postgres = await startPostgres();
      await using sandbox = await startSandbox({ users: 1_500 });
      const pool = postgres.pool();
      await pool.query(
        'create table users (instance text, id text, name text, seen_in text, primary key (instance, id))',
      );
      const env = {
        ...CLEAN_ENV,
        ...postgres.env,
        REDIS_URL: redis.url,
        AWS_ENDPOINT_URL: sandbox.endpoint,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'sandbox',
        AWS_SECRET_ACCESS_KEY: 'sandbox',
      };
      const enqueue = () => promisify(execFile)(process.execPath, programOf('enqueue'), { env });
      expect((await enqueue()).stdout).toContain(`added users-${sandbox.instanceId}-`);
      expect((await enqueue()).stdout).toMatch(/^users-\S+ is there already \(waiting\)$/m);

      const worker = spawn(process.execPath, programOf('worker'), {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      onTestFinished(() => void worker.kill('SIGKILL'));
      const ended = once(worker, 'exit');
      const lines = createInterface(worker.stdout);
      // The sandbox has other instances, too.
      for await (const line of lines) {
        if (!line.startsWith(`users-${sandbox.instanceId}-`)) continue;
        expect(line).toMatch(/: 1500 users, resumed \d+ times$/);
        break;
      }
      worker.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);

      const { rows } = await pool.query(
        'select count(*)::int as count, count(distinct id)::int as ids from users',
      );
      expect(rows).toEqual([{ count: 1_500, ids: 1_500 }]);
      await pool.end();
    });
  },
);
