import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../lib/sandbox/index.js';
import { snippetsOf, toModule } from '../support/snippets.js';
import { hasPostgres, type PostgresServer, startPostgres } from '../support/start-postgres.js';

const root = resolve(import.meta.dirname, '../..');
const page = join(root, 'docs/destinations.md');
const [intoTable, removing, transaction] = snippetsOf(page, 'destinations.md').filter(({ code }) =>
  /\bpool\b|from 'pg'/.test(code),
);
const USERS = 60;

describe.skipIf(!hasPostgres)('the snippets for PostgreSQL (need the Debian package postgresql)', () => {
  let server: PostgresServer;
  let sandbox: Sandbox;
  let folder: string;
  beforeAll(async () => {
    await mkdir(join(root, 'coverage'), { recursive: true });
    folder = await mkdtemp(join(root, 'coverage', 'postgres-'));
    sandbox = await startSandbox({ users: USERS, ratePerSecond: Number.POSITIVE_INFINITY });
    server = await startPostgres();
  });
  afterAll(async () => {
    await sandbox.close();
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  /** Runs a snippet as it is printed in its own database; resolves to whether it came to its end. */
  async function run(
    snippet: ReturnType<typeof snippetsOf>[number] | undefined,
    database: string,
  ): Promise<boolean> {
    if (!snippet) throw new Error('the page has no such snippet');
    const file = join(folder, `${database}.mjs`);
    await writeFile(file, (await transform(toModule(snippet), { loader: 'ts', target: 'node20' })).code);
    const env = {
      ...process.env,
      ...server.env,
      PGDATABASE: database,
      INSTANCE_ID: sandbox.instanceId,
      AWS_ENDPOINT_URL: sandbox.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'sandbox',
      AWS_SECRET_ACCESS_KEY: 'sandbox',
    };
    return new Promise((done) => {
      execFile(process.execPath, [file], { env }, (error) => done(!error));
    });
  }

  async function createDatabase(name: string, sql: string) {
    await server.pool().query(`create database ${name}`);
    const pool = server.pool({ database: name });
    await pool.query(sql);
    return pool;
  }

  /** The statements of the page that create what a snippet needs. */
  const ddl = (index: number) =>
    [...readFileSync(page, 'utf8').matchAll(/^```sql\n(.*?)^```$/gms)][index]?.[1] ?? '';

  it('the first program of docs/destinations.md fills its table, twice', async () => {
    const pool = await createDatabase('filled', ddl(0));
    expect(await run(intoTable, 'filled')).toBe(true);
    expect(await run(intoTable, 'filled')).toBe(true);
    const { rows } = await pool.query('select count(*)::int as n, count(name)::int as names from users');
    expect(rows).toEqual([{ n: USERS, names: USERS }]);
  });

  it('the program that removes rows which are gone does so, with the documented table of positions', async () => {
    const sql = `create table users (id text primary key, name text, seen_in text); ${ddl(1)}`;
    const pool = await createDatabase('removed', `${sql} insert into users values ('gone')`);
    await run(removing, 'removed');
    // The fifth of one row is less than one.
    const count = async () => (await pool.query('select count(*)::int as n from users')).rows[0].n;
    expect(await count()).toBe(USERS + 1);
    await run(removing, 'removed');
    expect(await count()).toBe(USERS);
  });

  it('the transaction of docs/destinations.md inserts each user once, though it crashes between its statements', async () => {
    const pool = await createDatabase('transaction', ddl(2));
    // A sequence counts also what is rolled back: every 41st statement ends its session, within the transaction.
    await pool.query(`create sequence statements; create function crash() returns trigger language plpgsql as $$ begin
      if nextval('statements') % 41 = 0 then perform pg_terminate_backend(pg_backend_pid()); end if; return new; end $$;
      create trigger crash after insert on users for each row execute function crash();
      create trigger crash after update on position for each row execute function crash()`);
    let crashes = 0;
    while (!(await run(transaction, 'transaction'))) if (++crashes > 20) throw new Error('it never ends');
    expect(crashes).toBeGreaterThanOrEqual(2);
    const { rows } = await pool.query('select count(*)::int as n, count(distinct id)::int as ids from users');
    expect(rows).toEqual([{ n: USERS, ids: USERS }]);
    expect((await pool.query('select cursor from position')).rows).toEqual([{ cursor: null }]);
  });
});
