// A separate process for the specs, which finds the database in its environment. Drains 3,000 rows into the table `rows`
// and prints each total.

import pg from 'pg';
import { fromPages } from '../../lib/from-pages.js';
import { postgres } from '../../lib/postgres/index.js';
import { printTotals } from '../support/print-totals.js';

const rows = fromPages(
  async (token) => {
    const at = Number(token ?? 0);
    const items = Array.from({ length: 50 }, (_, n) => ({ id: at + n, at: new Date(at + n) }));
    return { items, next: at + 50 < 3_000 ? String(at + 50) : undefined };
  },
  { query: { operation: 'rows' } },
);
const pool = new pg.Pool();
const table = postgres<{ readonly id: number; readonly at: Date }>({
  pool,
  table: 'rows',
  columns: ['id', 'at'],
  key: 'id',
});
const receipt = await rows.drainTo(table, { batch: 20, onProgress: printTotals() });
console.log(JSON.stringify(receipt));
await pool.end();
