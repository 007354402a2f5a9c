import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import type { Receipt } from '../../lib/core/receipt.js';
import { SLACK } from '../support/run-until-killed.js';
import { scriptPath } from '../support/script.js';
import { hasPostgres, type PostgresServer, startPostgres } from '../support/start-postgres.js';

const ROWS = 3_000;

/** A table whose trigger logs each write of each row: a row that was written twice is there twice. */
const SCHEMA = `
create table rows (id int primary key, at timestamptz);
create table log (id int);
create function log() returns trigger language plpgsql as $$ begin insert into log values (new.id); return new; end $$;
create trigger log after insert or update on rows for each row execute function log()`;

describe.skipIf(!hasPostgres)('a drain into PostgreSQL (needs the Debian package postgresql)', () => {
  it('a drain that is killed again and again has written each row once', async () => {
    await using server = await startPostgres();
    await server.pool().query(SCHEMA);
    const kills = [1, 17, 20, 3, 1, 9, 2, 11, 14];
    for (const killAfter of kills) {
      await run(server, {
        standStillAfter: killAfter + SLACK,
        onLine: async (child, line) => void (line === killAfter && child.kill('SIGKILL')),
      });
    }
    const receipt = await run(server);
    expect(receipt).toMatchObject({ complete: true, items: ROWS, written: ROWS });
    expect(receipt?.resumed).toBe(kills.length);
    await expectOnce(server);
  });

  it('a drain whose server crashes and starts again goes through by itself, and has written each row once', async () => {
    await using server = await startPostgres();
    await server.pool().query(SCHEMA);
    let restarts = 0;
    const receipt = await run(server, {
      async onLine(_, line) {
        if (line % 25 !== 0) return;
        restarts++;
        await server.stop();
        await server.start();
      },
    });
    expect(restarts).toBeGreaterThan(4);
    expect(receipt).toMatchObject({ complete: true, written: ROWS, resumed: 0 });
    await expectOnce(server);
  });

  it('a drain whose server stays away fails with one line, and the next one resumes', async () => {
    await using server = await startPostgres();
    await server.pool().query(SCHEMA);
    let stderr = '';
    const stopped = await run(server, {
      standStillAfter: 10,
      async onLine(child, line) {
        if (line === 1) {
          child.stderr?.on('data', (text) => {
            stderr += text;
          });
        }
        if (line !== 10) return;
        await server.stop();
        child.stdin?.write('\n');
      },
    });
    expect(stopped).toBeUndefined();
    expect(stderr).toContain('cannot write to table rows: gave up after ');
    await server.start();
    expect(await run(server)).toMatchObject({ complete: true, written: ROWS, resumed: 1 });
    await expectOnce(server);
  });
});

interface RunOptions {
  /** Gets each line that the drain prints. */
  readonly onLine?: (child: ChildProcess, line: number) => Promise<void>;
  /** After how many of them it waits for a line of input. */
  readonly standStillAfter?: number;
}

/** Runs the drain; resolves to its receipt, if it came to its end. */
async function run(
  server: PostgresServer,
  { onLine = async () => {}, standStillAfter = Number.POSITIVE_INFINITY }: RunOptions = {},
): Promise<Receipt | undefined> {
  const child = spawn(process.execPath, [scriptPath('postgres/drain-child')], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...server.env, STAND_STILL_AFTER: String(standStillAfter) },
  });
  const ended = once(child, 'close');
  let last = '';
  let lines = 0;
  for await (const line of createInterface(child.stdout)) {
    last = line;
    await onLine(child, ++lines);
  }
  await ended;
  return last.startsWith('{') ? (JSON.parse(last) as Receipt) : undefined;
}

async function expectOnce(server: PostgresServer): Promise<void> {
  const { rows } = await server
    .pool()
    .query(
      'select count(*)::int as written, count(distinct id)::int as ids, (select count(*)::int from rows) as n from log',
    );
  expect(rows).toEqual([{ written: ROWS, ids: ROWS, n: ROWS }]);
}
