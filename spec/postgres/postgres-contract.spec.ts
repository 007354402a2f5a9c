import { afterAll, describe } from 'vitest';
import { postgres } from '../../lib/postgres/index.js';
import { describeDestination, type Row } from '../contracts/destination.js';
import { hasPostgres, startPostgres } from '../support/start-postgres.js';

describe.skipIf(!hasPostgres)('with a PostgreSQL (needs the Debian package postgresql)', async () => {
  if (!hasPostgres) return;
  const server = await startPostgres();
  const pool = server.pool({ max: 3 });
  afterAll(() => server[Symbol.asyncDispose]());

  let tables = 0;
  const newTable = async () => {
    const name = `rows_${tables++}`;
    await pool.query(`create table ${name} (id text primary key, name text not null)`);
    return name;
  };
  const rowsIn = async (table: string): Promise<Row[]> => {
    const { rows } = await pool.query(`select id as "Id", name from ${table} order by substr(id, 2)::int`);
    return rows as Row[];
  };

  describeDestination(
    'a table of PostgreSQL',
    async () => {
      const table = await newTable();
      return {
        connect: () => postgres<Row>({ pool, table, columns: { id: 'Id', name: 'name' }, key: 'id' }),
        published: () => rowsIn(table),
      };
    },
    { keepsLeases: true },
  );
});
