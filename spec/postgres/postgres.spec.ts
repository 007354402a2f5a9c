import type pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/core/clock.js';
import type { DrainTotals } from '../../lib/core/destination.js';
import { fromPages } from '../../lib/from-pages.js';
import { type PostgresOptions, type PostgresPool, postgres } from '../../lib/postgres/index.js';
import { memoryDestination } from '../../lib/testing/index.js';
import { leapingClock } from '../support/leaping-clock.js';
import { hasPostgres, type PostgresServer, startPostgres } from '../support/start-postgres.js';

type Item = Readonly<Record<string, unknown>>;

function list(items: readonly Item[], { size = 10, operation = 'items' } = {}) {
  return fromPages(
    async (token) => {
      const at = Number(token ?? 0);
      return {
        items: items.slice(at, at + size),
        next: at + size < items.length ? String(at + size) : undefined,
      };
    },
    { query: { operation }, retry: false },
  );
}

const itemsOf = (count: number): Item[] =>
  Array.from({ length: count }, (_, n) => ({ id: n, name: `n${n}` }));

describe.skipIf(!hasPostgres)('PostgreSQL (needs the Debian package postgresql)', async () => {
  if (!hasPostgres) return;
  const server: PostgresServer = await startPostgres();
  const pool = server.pool({ max: 4 });
  afterAll(() => server[Symbol.asyncDispose]());

  let tables = 0;
  /** Creates a table with these columns; resolves to its name. */
  async function create(columns: string): Promise<string> {
    const name = `t${tables++}`;
    await pool.query(`create table ${name} (${columns})`);
    return name;
  }
  const users = () => create('id int primary key, name text');
  const into = (table: string, more: Partial<PostgresOptions<Item>> = {}) =>
    postgres<Item>({ pool, table, columns: ['id', 'name'], key: 'id', ...more });
  const select = async (sql: string): Promise<Record<string, unknown>[]> => (await pool.query(sql)).rows;
  /** Drains one row into a column of a type, and answers with its text. */
  async function stored(type: string, value: unknown): Promise<unknown> {
    const table = await create(`id int primary key, v ${type}`);
    await list([{ id: 1, v: value }]).drainTo(into(table, { columns: ['id', 'v'] }));
    return (await select(`select v::text as v from ${table}`))[0]?.['v'];
  }

  describe('values', () => {
    it.each(
      [
        [
          'text',
          'O\'Brien "x"\n\t\\ =cmd|calc \u{1f600} \\u0000',
          'O\'Brien "x"\n\t\\ =cmd|calc \u{1f600} \\u0000',
        ],
        ['text', 'lone \ud800 half', 'lone \ufffd half'],
        ['text', 'a\u2028b\u202e', 'a\u2028b\u202e'],
        ['text', undefined, null],
        ['text', 12.5, '12.5'],
        ['text', { a: [1n] }, '{"a":["1"]}'],
        ['text', new Uint8Array([1, 255]), 'Af8='],
        ['bigint', 9_007_199_254_740_993n, '9007199254740993'],
        ['numeric', 10n ** 40n, `1${'0'.repeat(40)}`],
        ['double precision', Number.NaN, 'NaN'],
        ['double precision', Number.NEGATIVE_INFINITY, '-Infinity'],
        ['double precision', 1e300, '1e+300'],
        ['boolean', false, 'false'],
        ['timestamptz', new Date(0), '1970-01-01 00:00:00+00'],
        ['timestamp', new Date('2026-03-29T01:30:00.123Z'), '2026-03-29 01:30:00.123'],
        ['date', new Date('2026-12-31T23:59:59Z'), '2026-12-31'],
        ['timestamptz', new Date(Number.NaN), null],
        ['timestamptz', new Date('+020000-01-01T00:00:00Z'), '20000-01-01 00:00:00+00'],
        ['timestamptz', new Date('-000043-03-15T00:00:00Z'), '0044-03-15 00:00:00+00 BC'],
        ['timestamptz', new Date(-8.64e15), null],
        ['text', new Date(0), '1970-01-01T00:00:00.000Z'],
        ['bytea', new Uint8Array([0, 1, 255]), '\\x0001ff'],
        ['bytea', Buffer.from('ab'), '\\x6162'],
        ['bytea', new Uint8Array([1, 2, 3]).buffer, '\\x010203'],
        [
          'jsonb',
          { b: 1, a: [new Date(0), null, 2n, new Set([1])] },
          '{"a": ["1970-01-01T00:00:00.000Z", null, "2", [1]], "b": 1}',
        ],
        ['jsonb', 'a text', '"a text"'],
        ['jsonb', { t: '\udc00' }, '{"t": "\ufffd"}'],
        ['json', { b: 1, a: 2 }, '{"b":1,"a":2}'],
        ['text[]', ['a', 'b,"{', null], '{a,"b,\\"{",NULL}'],
        ['int[]', new Set([1, 2]), '{1,2}'],
        ['float8[]', new Float64Array([1.5, 2]), '{1.5,2}'],
        [
          'int[]',
          [
            [1, 2],
            [3, 4],
          ],
          '{{1,2},{3,4}}',
        ],
        ['bytea[]', [new Uint8Array([1])], '{"\\\\x01"}'],
        ['timestamptz[]', [new Date(0)], '{"1970-01-01 00:00:00+00"}'],
        ['uuid', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
        ['int4range', '[1,5)', '[1,5)'],
        ['interval', '1 day', '1 day'],
      ].map(([type, value, expected]) => ({ type: String(type), value, expected })),
    )('a column of type $type keeps a value as $expected', async ({ type, value, expected }) => {
      expect(await stored(type, value)).toBe(expected);
    });

    it('a column of a domain takes what its underlying type takes', async () => {
      await pool.query('create domain d1 as jsonb; create domain d2 as d1');
      expect(await stored('d2', { a: 1 })).toBe('{"a": 1}');
    });

    it('columns get members, nested members and what functions return', async () => {
      const table = await create('"Id" int primary key, mail text, "a ""quoted"" name" text, "drop" text');
      const columns = {
        Id: 'id',
        mail: 'IdentityInfo.Email',
        'a "quoted" name': (row: Item) => `${row['id']}!`,
        drop: () => "'); drop table x; --",
      };
      await list([{ id: 1, IdentityInfo: { Email: 'a@b' } }]).drainTo(into(table, { columns, key: 'Id' }));
      expect(await select(`select * from ${table}`)).toEqual([
        { Id: 1, mail: 'a@b', 'a "quoted" name': '1!', drop: "'); drop table x; --" },
      ]);
    });

    it('a function that throws or returns a promise ends the drain with an error that names its column', async () => {
      const table = await users();
      const failing = (name: () => unknown) =>
        list(itemsOf(1)).drainTo(into(table, { columns: { id: 'id', name } }));
      await expect(
        failing(() => {
          throw new TypeError('secret');
        }),
      ).rejects.toMatchObject({
        code: 'ERR_CALLBACK_FAILED',
        message: 'the callback of columns.name failed: TypeError',
      });
      await expect(failing(async () => 'x')).rejects.toMatchObject({
        code: 'ERR_INVALID_ARGUMENT',
        message: 'columns.name returned a promise; await it in mapAsync before drainTo',
      });
    });
  });

  describe('keys', () => {
    it('of several rows of one batch with the same key, by the equality of its type, the last is kept', async () => {
      const table = await create('id numeric primary key, name text');
      const rows = [
        { id: '1', name: 'a' },
        { id: 2, name: 'b' },
        { id: '1.0', name: 'c' },
      ];
      const receipt = await list(rows).drainTo(into(table));
      expect(receipt.written).toBe(3);
      expect(await select(`select id::int, name from ${table} order by id`)).toEqual([
        { id: 1, name: 'c' },
        { id: 2, name: 'b' },
      ]);
    });

    it('a key whose collation ignores case identifies rows as the table does', async () => {
      await pool.query(
        "create collation nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
      );
      const table = await create('id text collate nocase primary key, name text');
      await list([
        { id: 'ANN', name: 'a' },
        { id: 'ann', name: 'b' },
      ]).drainTo(into(table));
      expect(await select(`select name from ${table}`)).toEqual([{ name: 'b' }]);
    });

    it('a key may be all columns, several columns, and in a partitioned table of another schema', async () => {
      await pool.query(`create schema "my.crm"; create table "my.crm"."my.users" (a int, "B" text, primary key (a, "B"))
        partition by range (a); create table "my.crm".p partition of "my.crm"."my.users" for values from (0) to (10)`);
      const columns = { a: 'id', B: 'name' };
      const table = { schema: 'my.crm', name: 'my.users' };
      const receipt = await list(itemsOf(5)).drainTo(into('x', { table, columns, key: ['a', 'B'] }));
      await list(itemsOf(6)).drainTo(into('x', { table, columns, key: ['B', 'a'] }));
      expect(receipt.target).toBe('table "my.crm"."my.users"');
      expect(await select('select count(*)::int as n from "my.crm"."my.users"')).toEqual([{ n: 6 }]);
      expect(await select('select target from "my.crm".pageturn_positions')).toEqual([
        { target: '"my.crm"."my.users"' },
      ]);
    });
  });

  describe('what is wrong with the table', () => {
    const neverAsked = fromPages<Item>(async () => {
      throw new Error('a request was sent');
    });
    const opening = async (table: string, more: Partial<PostgresOptions<Item>> = {}) =>
      neverAsked.drainTo(into(table, more)).then(
        () => 'no error',
        ({ code, message }) => `${code}: ${message}`,
      );

    it.each<[string, string, Partial<PostgresOptions<Item>>, string]>([
      [
        'a missing table',
        'id int primary key',
        { table: 'missing' },
        'there is no table missing; create it, or name another one',
      ],
      [
        'a missing schema',
        'id int primary key',
        { table: 'no.users' },
        'there is no table no.users; create it, or name another one',
      ],
      [
        'a missing column',
        'id int primary key, "Name" text',
        {},
        'has no column "name"; did you mean "Name"? Otherwise name columns of the table: id, Name',
      ],
      [
        'no unique constraint',
        'id int, name text',
        {},
        'has no unique constraint on its key ("id"); add one: alter table "public"."$t" add unique ("id")',
      ],
      [
        'a partial key',
        'id int, name text, primary key (id, name)',
        {},
        'has no unique constraint on its key ("id")',
      ],
      [
        'a deferrable constraint',
        'id int primary key deferrable, name text',
        {},
        'has a deferrable constraint on its key ("id"), which cannot be upserted by; make it not deferrable',
      ],
      [
        'a generated column',
        'id int primary key, name text generated always as (1::text) stored',
        {},
        'column "name" of table $t is generated; leave it out of columns',
      ],
      [
        'an identity column',
        'id int generated always as identity primary key, name text',
        {},
        'column "id" of table $t is generated',
      ],
      [
        'a column for marks of another type',
        'id int primary key, name text, seen int',
        { removeUnseen: { column: 'seen' } },
        'column "seen" of table public.$t is of type integer, and removeUnseen needs text',
      ],
      [
        'another table as that of positions',
        'id int primary key, name text',
        { positions: 'pg_class' },
        'table pg_class is not a table of positions of pageturn',
      ],
    ])('%s is one clear line before anything is listed', async (_, columns, more, expected) => {
      const table = await create(columns);
      const error = await opening(table, more);
      expect(error).toMatch(/^ERR_DESTINATION_FAILED: [^\n]*; [^\n]*$/);
      expect(error).toContain(expected.replaceAll('$t', table));
    });

    it('a table in another case is named in the message', async () => {
      await pool.query('create table "CamelCase" (id int primary key, name text)');
      expect(await opening('camelcase')).toContain('there is no table camelcase; did you mean "CamelCase"?');
    });

    it('a view is refused, and so is a role that may not write', async () => {
      await pool.query('create view v as select 1 as id, 2 as name');
      expect(await opening('v')).toContain('v is not a table');
      const table = await users();
      await pool.query(`create role reader login; grant select on ${table} to reader`);
      const reader = server.pool({ user: 'reader' });
      expect(await opening(table, { pool: reader })).toContain('the role has no privilege for it (42501)');
    });

    it('a role that may not delete is refused before anything is listed, if it is to remove rows', async () => {
      const table = await create('id int primary key, name text, seen text');
      await pool.query(`create role keeper login; grant create on schema public to keeper;
        grant select, insert, update on ${table} to keeper; grant all on pageturn_positions to keeper`);
      const keeper = { pool: server.pool({ user: 'keeper' }) };
      expect(await list(itemsOf(1)).drainTo(into(table, keeper))).toMatchObject({ complete: true });
      const error = await opening(table, { ...keeper, removeUnseen: { column: 'seen' } });
      expect(error).toContain('grant it select, insert and update, and delete for removeUnseen');
    });

    it('a role that may not create the table of positions gets the statement that does', async () => {
      const table = await users();
      await pool.query(`create role writer login; create schema empty; grant usage on schema empty to writer;
        grant select, insert, update on ${table} to writer`);
      const more = { pool: server.pool({ user: 'writer' }), positions: 'empty.positions' };
      const error = await opening(table, more);
      expect(error).toContain(
        'the role may not create the table of positions empty.positions; have it created by: ',
      );
      const ddl = /created by: (.*); and grant/.exec(error)?.[1] ?? '';
      await pool.query(`${ddl}; grant select, insert, update on empty.positions to writer`);
      const receipt = await list(itemsOf(3)).drainTo(into(table, more));
      expect(receipt.complete).toBe(true);
    });

    it.each<[string, Record<string, unknown>, string]>([
      ['an unknown option', { colums: [] }, 'unknown option "colums" in options of postgres'],
      ['no pool', { pool: undefined }, 'pool must be a Pool of pg'],
      ['a table name with two dots', { table: 'a.b.c' }, 'table must be a name such as'],
      ['an empty list of columns', { columns: [] }, 'columns must be'],
      ['a column twice', { columns: ['id', 'id'] }, 'columns must be a list without repetitions'],
      ['a column with a number as its source', { columns: { id: 1 } }, 'columns.id must be'],
      ['a key that is no column', { key: 'Id' }, 'key must be one of the columns, or a list of some'],
      ['a column for marks that is written', { removeUnseen: { column: 'name' } }, 'removeUnseen must be'],
      ['a text for allowRemovals', { allowRemovals: 'yes' }, 'allowRemovals must be true or false'],
    ])('%s is refused when the destination is made', (_, more, expected) => {
      expect(() => into('users', more as Partial<PostgresOptions<Item>>)).toThrow(expected);
    });
  });

  describe('a row that is refused', () => {
    it.each<[string, string, unknown, string]>([
      [
        'a text that is not a number',
        'v int',
        'secret',
        'row 15 has a value that does not fit the type in column "v" (integer) of table $t (22P02); ',
      ],
      [
        'a number out of range',
        'v smallint',
        70_000,
        'row 15 has a number that is out of range in column "v" (smallint)',
      ],
      [
        'a text that is too long',
        'v varchar(3)',
        'secret',
        'row 15 has a text that is too long in column "v" (character varying(3))',
      ],
      [
        'a missing value',
        'v text not null',
        undefined,
        'row 15 has no value, and one is required in column "v" (text)',
      ],
      [
        'a failed check',
        "v text constraint short check (v <> 'secret')",
        'secret',
        'row 15 violates a check in column "v" (text), by the constraint "short"',
      ],
      [
        'a reference to nothing',
        'v int references refs',
        5,
        'row 15 refers to a row that does not exist in column "v" (integer), by the constraint "$t_v_fkey"',
      ],
      [
        'a late reference to nothing',
        'v int references refs deferrable initially deferred',
        5,
        'row 15 refers to a row that does not exist in column "v"',
      ],
      [
        'a value that must be unique',
        'v text unique',
        'n3',
        'row 15 repeats a value that must be unique in column "v" (text), by the constraint "$t_v_key"',
      ],
      [
        'U+0000',
        'v text',
        'secret\0',
        'row 15 has a text with U+0000, which PostgreSQL cannot store in column "v" of table $t; map it',
      ],
      [
        'U+0000 within JSON',
        'v jsonb',
        { secret: ['\\\0'] },
        'row 15 has a text with U+0000, which PostgreSQL cannot store in column "v"',
      ],
    ])('%s is an error with its number and column, not its value', async (_, column, value, expected) => {
      await pool.query('create table if not exists refs (id int primary key)');
      const table = await create(`id int primary key, ${column}`);
      const plain = (n: number) => (column.includes('unique') || n === 14 ? `n${n}` : undefined);
      const rows = Array.from({ length: 20 }, (__, n) => ({
        id: n,
        v: column.includes('not null') ? 'x' : plain(n),
      }));
      const safe = rows.map((row) =>
        column.includes('int') || column.includes('varchar') ? { ...row, v: null } : row,
      );
      safe[14] = { id: 14, v: value as string };
      const columns = ['id', 'v'];
      const drain = list(safe).drainTo(into(table, { columns }), { batch: 8 });
      await expect(drain).rejects.toMatchObject({ code: 'ERR_DESTINATION_FAILED' });
      const { message } = await drain.catch((error) => error);
      expect(message).toContain(expected.replaceAll('$t', table));
      expect(message).toContain('and run the same drain again to resume');
      expect(message).not.toContain('secret');
      expect(await select(`select count(*)::int as n from ${table}`)).toEqual([{ n: 8 }]);
      // The same drain without the row resumes after those that are written.
      safe[14] = {
        id: 14,
        v: column.includes('not null') || column.includes('unique') ? 'y' : null,
      } as never;
      const receipt = await list(safe).drainTo(into(table, { columns }), { batch: 8 });
      expect(receipt).toMatchObject({ complete: true, written: 20, resumed: 1 });
    });

    it('a row that a trigger refuses is named by its number', async () => {
      const table = await users();
      await pool.query(`create function refuse() returns trigger language plpgsql as
        $$ begin if new.id = 7 then raise exception 'secret'; end if; return new; end $$;
        create trigger r before insert on ${table} for each row execute function refuse()`);
      await expect(list(itemsOf(10)).drainTo(into(table))).rejects.toMatchObject({
        message: `row 8 is refused by a trigger of table ${table} (P0001); map or filter it and run the same drain again to resume`,
      });
    });

    it('a row without a key is refused by its number', async () => {
      const table = await users();
      await expect(list([{ id: 1 }, { id: null }]).drainTo(into(table))).rejects.toMatchObject({
        message: expect.stringContaining('row 2 has no value in column "id"'),
      });
    });
  });

  describe('faults', () => {
    it('a write whose connection is lost after it took effect is not written twice', async () => {
      const table = await users();
      await pool.query(`create table log_${table} (id int); create function log_${table}() returns trigger language plpgsql as
        $$ begin insert into log_${table} values (new.id); return new; end $$;
        create trigger l after insert or update on ${table} for each row execute function log_${table}()`);
      const lossy = withFaults(pool, (text) =>
        text.includes('with kept') && !text.startsWith('explain') ? { after: lostConnection() } : undefined,
      );
      const receipt = await list(itemsOf(25)).drainTo(
        into(table, { pool: lossy.pool, clock: backoffClock() }),
        { batch: 10 },
      );
      expect(lossy.faults).toBeGreaterThan(2);
      expect(receipt).toMatchObject({ complete: true, written: 25 });
      expect(
        await select(`select count(*)::int as n, count(distinct id)::int as d from log_${table}`),
      ).toEqual([{ n: 25, d: 25 }]);
    });

    it('an end whose connection is lost after it took effect is an end', async () => {
      const table = await create('id int primary key, name text, seen text');
      const removeUnseen = { column: 'seen' };
      await list(itemsOf(10)).drainTo(into(table, { removeUnseen }));
      const lossy = withFaults(
        pool,
        (text) => (text === 'commit' ? { after: lostConnection() } : undefined),
        2,
      );
      const options = { pool: lossy.pool, clock: backoffClock(), removeUnseen };
      const receipt = await list(itemsOf(9)).drainTo(into(table, options));
      expect(lossy.faults).toBe(2);
      expect(receipt).toMatchObject({ complete: true, removed: 1 });
    });

    it.each(['57P01', '53300', '40001', '40P01', '08006', '57P03', '25006'])(
      'a statement that fails with %s is tried again',
      async (code) => {
        const table = await users();
        const error = Object.assign(new Error('passing'), { code, severity: 'FATAL' });
        const faulty = withFaults(pool, (text) =>
          text.includes('with kept') ? { before: error } : undefined,
        );
        const receipt = await list(itemsOf(5)).drainTo(
          into(table, { pool: faulty.pool, clock: backoffClock() }),
        );
        expect(receipt).toMatchObject({ complete: true, written: 5 });
        expect(faulty.faults).toBeGreaterThan(1);
      },
    );

    it('sessions that the server ends while they are idle or writing do not end the drain', async () => {
      const table = await users();
      const own = server.pool({ max: 2, application_name: 'ended' });
      own.removeAllListeners('error');
      const end = () =>
        pool.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ended'");
      const onProgress = async ({ written }: DrainTotals) => void (written % 20 === 0 && (await end()));
      const receipt = await list(itemsOf(60)).drainTo(into(table, { pool: own }), { batch: 10, onProgress });
      expect(receipt).toMatchObject({ complete: true, written: 60 });
    });

    it('a database that is away for minutes is given up after half a minute, and the next run resumes', async () => {
      const table = await users();
      const clock = backoffClock();
      let isAway = false;
      const faulty = withFaults(
        pool,
        () => (isAway ? { before: lostConnection() } : undefined),
        Number.POSITIVE_INFINITY,
      );
      const destination = into(table, { pool: faulty.pool, clock });
      const onProgress = () => {
        isAway = true;
      };
      await expect(list(itemsOf(25)).drainTo(destination, { batch: 10, onProgress })).rejects.toMatchObject({
        code: 'ERR_DESTINATION_FAILED',
        message: expect.stringMatching(
          /^cannot write to table t\d+: gave up after \d+ attempts \(the connection was lost\); wait until the database works, and run the same drain again to resume$/,
        ),
      });
      expect(clock.waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(60_000);
      isAway = false;
      const receipt = await list(itemsOf(25)).drainTo(destination, { batch: 10 });
      expect(receipt).toMatchObject({ complete: true, resumed: 1, written: 25 });
    });

    it('a wrong password, database or host is one clear line at once', async () => {
      const table = await users();
      const failing = (config: pg.PoolConfig) =>
        list(itemsOf(1))
          .drainTo(into(table, { pool: server.pool(config), clock: backoffClock() }))
          .then(
            () => '',
            ({ message }) => message,
          );
      expect(await failing({ database: 'missing' })).toBe(
        `cannot open table ${table}: the database does not exist (3D000); check the database of the pool`,
      );
      expect(await failing({ user: 'missing' })).toContain('the server refused the login (28000)');
      expect(await failing({ port: 1 })).toContain('attempts (ECONNREFUSED); wait until the database works');
    });

    it('a write that waits for a lock ends with an abort, and its connection is not used again', async () => {
      const table = await users();
      const own = server.pool({ max: 1 });
      const blocker = await pool.connect();
      const abort = new AbortController();
      let isBlocked = false;
      const onProgress = async () => {
        if (isBlocked) return;
        isBlocked = true;
        await blocker.query(`begin; lock table ${table}`);
        // Aborts as soon as the drain waits for the lock.
        const wait = async (): Promise<void> => {
          const { rowCount } = await blocker.query('select from pg_locks where not granted');
          return rowCount === 0 ? wait() : abort.abort('stop');
        };
        void wait();
      };
      const options = { batch: 10, signal: abort.signal, onProgress };
      await expect(list(itemsOf(30)).drainTo(into(table, { pool: own }), options)).rejects.toBe('stop');
      await blocker.query('rollback');
      blocker.release();
      const receipt = await list(itemsOf(30)).drainTo(into(table, { pool: own }), { batch: 10 });
      expect(receipt).toMatchObject({ complete: true, written: 30, resumed: 1 });
    });

    it('a pool that is closed is an error, not a wait', async () => {
      const table = await users();
      const closed = server.pool();
      await closed.end();
      await expect(list(itemsOf(1)).drainTo(into(table, { pool: closed }))).rejects.toMatchObject({
        code: 'ERR_DESTINATION_FAILED',
      });
    });

    it('a drain leaves no listener on the pool and no connection in use', async () => {
      const table = await users();
      const own = server.pool({ max: 1 });
      const listeners = own.listenerCount('error');
      await list(itemsOf(5)).drainTo(into(table, { pool: own }));
      await expect(list([{ id: 'x' }]).drainTo(into(table, { pool: own }))).rejects.toThrow('row 1');
      await expect(list(itemsOf(5)).drainTo(into('missing', { pool: own }))).rejects.toThrow(
        'there is no table',
      );
      expect(own.listenerCount('error')).toBe(listeners);
      expect(own.idleCount).toBe(own.totalCount);
    });
  });

  describe('jobs and fences', () => {
    it('an older run that is writing when a newer one opens is refused, and loses nothing', async () => {
      const table = await users();
      let isOpened = false;
      const newer = into(table);
      const onProgress = async () => {
        if (isOpened) return;
        isOpened = true;
        await newer.open(
          { query: { operation: 'items', input: {} }, chain: [] },
          { signal: new AbortController().signal },
        );
      };
      await expect(list(itemsOf(30)).drainTo(into(table), { batch: 10, onProgress })).rejects.toMatchObject({
        code: 'ERR_DESTINATION_FENCED',
      });
      expect(await select(`select count(*)::int as n from ${table}`)).toEqual([{ n: 10 }]);
      await newer.close();
      expect(await list(itemsOf(30)).drainTo(into(table))).toMatchObject({ written: 30, resumed: 1 });
    });

    it('a run whose position was deleted writes nothing more', async () => {
      const table = await users();
      const onProgress = () =>
        pool.query(`delete from pageturn_positions where target = '"public"."${table}"'`).then(() => {});
      await expect(list(itemsOf(30)).drainTo(into(table), { batch: 10, onProgress })).rejects.toMatchObject({
        code: 'ERR_DESTINATION_FENCED',
      });
      expect(await select(`select count(*)::int as n from ${table}`)).toEqual([{ n: 10 }]);
    });

    it('jobs of different names drain different listings into one table at the same time', async () => {
      const table = await create('region text, id int, name text, primary key (region, id)');
      const drains = Array.from({ length: 12 }, (_, n) => {
        const columns = { region: () => `r${n}`, id: 'id', name: 'name' };
        const rows = list(itemsOf(25), { operation: `region ${n}` });
        return rows.drainTo(into(table, { columns, key: ['region', 'id'], job: `r${n}` }), { batch: 5 });
      });
      for (const receipt of await Promise.all(drains))
        expect(receipt).toMatchObject({ complete: true, written: 25 });
      expect(await select(`select count(*)::int as n from ${table}`)).toEqual([{ n: 300 }]);
    });
  });

  describe('rows that a run did not see', () => {
    const removeUnseen = { column: 'seen' };
    const marked = () => create('id int primary key, name text, seen text');
    const ids = async (table: string) =>
      (await select(`select id from ${table} order by id`)).map(({ id }) => id);
    const range = (from: number, to: number) => itemsOf(to).slice(from);
    const numbers = (from: number, to: number) => range(from, to).map(({ id }) => id);

    it('an exhausted run removes them, and the receipt has their number', async () => {
      const table = await marked();
      await pool.query(`insert into ${table} values (100, 'by hand', null)`);
      expect(await list(itemsOf(20)).drainTo(into(table))).not.toHaveProperty('removed');
      const receipt = await list(range(2, 25)).drainTo(into(table, { removeUnseen }));
      expect(receipt).toMatchObject({ complete: true, written: 23, removed: 3 });
      expect(await ids(table)).toEqual(numbers(2, 25));
    });

    it('more than a fifth of the rows before is refused once the others are written, and the next run starts over', async () => {
      const table = await marked();
      await list(itemsOf(20)).drainTo(into(table, { removeUnseen }));
      // New rows do not make up for those that vanish.
      const next = list(range(5, 60));
      await expect(next.drainTo(into(table, { removeUnseen }))).rejects.toMatchObject({
        code: 'ERR_DESTINATION_FAILED',
        message: `all rows are written, but more than a fifth of table ${table} was not seen (5 of 20 rows), and none was removed; if they are really gone, run the drain again with allowRemovals`,
      });
      expect(await ids(table)).toEqual(numbers(0, 60));
      const receipt = await next.drainTo(into(table, { removeUnseen, allowRemovals: true }));
      expect(receipt).toMatchObject({ removed: 5, resumed: 0 });
      expect(await ids(table)).toEqual(numbers(5, 60));
    });

    it.each<[string, (rows: ReturnType<typeof list>) => { drainTo: ReturnType<typeof list>['drainTo'] }]>([
      ['a filter', (rows) => rows.filter(({ id }) => id !== 7)],
      ['a filter that lets all through', (rows) => rows.filter(() => true)],
      ['a limit', (rows) => rows.take(5)],
      ['drop', (rows) => rows.drop(1)],
      ['takeWhile', (rows) => rows.takeWhile(({ id }) => Number(id) < 18)],
      ['distinctBy', (rows) => rows.distinctBy(({ name }) => name)],
      ['flatMap', (rows) => rows.flatMap((row) => [row])],
    ])('a run with %s removes nothing', async (_, chain) => {
      const table = await marked();
      await list(itemsOf(21)).drainTo(into(table, { removeUnseen }));
      const receipt = await chain(list(itemsOf(20))).drainTo(into(table, { removeUnseen }));
      expect(receipt).not.toHaveProperty('removed');
      expect(await ids(table)).toEqual(numbers(0, 21));
    });

    it('a run with map, mapAsync and a limit that is not reached removes them', async () => {
      const table = await marked();
      await list(itemsOf(21)).drainTo(into(table, { removeUnseen }));
      const rows = list(itemsOf(20))
        .map((row) => row)
        .mapAsync(async (row) => row)
        .take(1_000);
      expect(await rows.drainTo(into(table, { removeUnseen }))).toMatchObject({ removed: 1 });
      expect(await ids(table)).toEqual(numbers(0, 20));
    });

    it('a run with failed items that it tolerates removes nothing', async () => {
      const table = await marked();
      await list(itemsOf(21)).drainTo(into(table, { removeUnseen }));
      const details = async (row: Item) => {
        if (row['id'] === 3) throw new Error('no details');
        return row;
      };
      const rows = list(itemsOf(20)).mapAsync(details, { tolerate: { count: 1 } });
      const receipt = await rows.drainTo(into(table, { removeUnseen }), { failed: memoryDestination() });
      expect(receipt).toMatchObject({ complete: true, failed: 1, written: 19 });
      expect(receipt).not.toHaveProperty('removed');
      expect(await ids(table)).toEqual(numbers(0, 21));
    });

    it('what all resumes of a run have seen together stays', async () => {
      const table = await marked();
      await list(itemsOf(31)).drainTo(into(table, { removeUnseen }));
      for (const stopAt of [10, 20]) {
        const abort = new AbortController();
        const onProgress = ({ written }: DrainTotals) => void (written >= stopAt && abort.abort('stop'));
        const options = { batch: 10, signal: abort.signal, onProgress };
        await expect(list(itemsOf(30)).drainTo(into(table, { removeUnseen }), options)).rejects.toBe('stop');
      }
      const receipt = await list(itemsOf(30)).drainTo(into(table, { removeUnseen }));
      expect(receipt).toMatchObject({ resumed: 2, removed: 1 });
      expect(await ids(table)).toEqual(numbers(0, 30));
    });

    it('a run of which a part did not mark its rows removes nothing', async () => {
      const table = await marked();
      await list(itemsOf(31)).drainTo(into(table, { removeUnseen }));
      const abort = new AbortController();
      const options = { batch: 10, signal: abort.signal, onProgress: () => abort.abort('stop') };
      await expect(list(itemsOf(30)).drainTo(into(table), options)).rejects.toBe('stop');
      expect(await list(itemsOf(30)).drainTo(into(table, { removeUnseen }))).not.toHaveProperty('removed');
      expect(await ids(table)).toEqual(numbers(0, 31));
      expect(await list(itemsOf(30)).drainTo(into(table, { removeUnseen }))).toMatchObject({ removed: 1 });
    });

    it('a run that started over removes what its last pass did not see', async () => {
      const table = await marked();
      const rows = (count: number, isExpired: () => boolean) =>
        fromPages(
          async (token) => {
            if (token !== undefined && isExpired()) throw new Error('expired');
            const at = Number(token ?? 0);
            return {
              items: itemsOf(count).slice(at, at + 10),
              next: at + 10 < count ? String(at + 10) : undefined,
            };
          },
          { query: { operation: 'items' }, retry: false, isTokenRejected: () => true },
        );
      await list(itemsOf(31)).drainTo(into(table, { removeUnseen }));
      let requests = 0;
      const receipt = await rows(30, () => ++requests === 2).drainTo(into(table, { removeUnseen }), {
        batch: 5,
      });
      expect(receipt).toMatchObject({ restarts: 1, removed: 1, written: 30 });
      expect(await ids(table)).toEqual(numbers(0, 30));
    });

    it('a job with a name leaves the rows of others alone', async () => {
      const table = await marked();
      await pool.query(`insert into ${table} values (100, 'by hand', null)`);
      await list(range(0, 20)).drainTo(into(table, { removeUnseen, job: 'a' }));
      await list(range(40, 60)).drainTo(into(table, { removeUnseen, job: 'b' }));
      const receipt = await list(range(1, 20)).drainTo(into(table, { removeUnseen, job: 'a' }));
      expect(receipt).toMatchObject({ removed: 1 });
      expect(await ids(table)).toEqual([...numbers(1, 20), ...numbers(40, 60), 100]);
    });

    it('a listing that is suddenly empty does not empty the table', async () => {
      const table = await marked();
      await list(itemsOf(10)).drainTo(into(table, { removeUnseen }));
      await expect(list([]).drainTo(into(table, { removeUnseen }))).rejects.toThrow('(10 of 10 rows)');
      expect(await ids(table)).toEqual(numbers(0, 10));
    });
  });
});

/** A clock on which back-off takes no time, and statements have as long as they need. */
function backoffClock() {
  const leaping = leapingClock();
  return {
    waits: leaping.waits,
    now: () => leaping.now(),
    sleep: (ms: number, signal?: AbortSignal) => (ms < 60_000 ? leaping : systemClock).sleep(ms, signal),
  };
}

interface Fault {
  readonly before?: Error;
  readonly after?: Error;
}

function lostConnection(): Error {
  return new Error('Connection terminated unexpectedly');
}

/** A pool whose statements fail before or after they take effect, each text `times` times. */
function withFaults(
  pool: pg.Pool,
  faultOf: (text: string) => Fault | undefined,
  times = 1,
): { readonly pool: PostgresPool; readonly faults: number } {
  const seen = new Map<string, number>();
  let faults = 0;
  const faulty: PostgresPool = {
    on: (event, listener) => pool.on(event, listener),
    removeListener: (event, listener) => pool.removeListener(event, listener),
    async connect() {
      const client = await pool.connect();
      return {
        on: (event, listener) => client.on(event, listener),
        removeListener: (event, listener) => client.removeListener(event, listener),
        release: (destroy) => client.release(destroy),
        async query(text, values) {
          const key = `${text} ${values?.[4]}`;
          const fault = (seen.get(key) ?? 0) < times ? faultOf(text) : undefined;
          if (!fault) return client.query(text, values);
          seen.set(key, (seen.get(key) ?? 0) + 1);
          faults++;
          if (fault.before) throw fault.before;
          await client.query(text, values);
          throw fault.after;
        },
      };
    },
  };
  return {
    pool: faulty,
    get faults() {
      return faults;
    },
  };
}
