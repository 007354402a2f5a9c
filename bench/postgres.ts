// Drains 100,000 users from memory into a PostgreSQL of its own, first into an empty table, then again over the same rows
// with removals. The bound is 100,000 users a minute on two cores. Run it: npm run bench:postgres [-- users]
import { fromPages } from '../lib/from-pages.js';
import { postgres } from '../lib/postgres/index.js';
import { startPostgres } from '../spec/support/start-postgres.js';

const count = Number(process.argv[2] ?? 100_000);
const PAGE = 1_000;

function user(n: number) {
  const Id = `0f8fad5b-d9cb-469f-a165-${String(n).padStart(12, '0')}`;
  return {
    Id,
    Arn: `arn:aws:connect:eu-central-1:123456789012:instance/3f2a9c10/agent/${Id}`,
    Username: `agent.${n}@example.com`,
    LastModifiedTime: new Date(Date.UTC(2025, 0, 6) + n * 60_000),
    LastModifiedRegion: 'eu-central-1',
  };
}

const users = fromPages(
  async (token) => {
    const at = Number(token ?? 0);
    const items = Array.from({ length: Math.min(PAGE, count - at) }, (_, n) => user(at + n));
    return { items, next: at + PAGE < count ? String(at + PAGE) : undefined };
  },
  { query: { operation: 'users' } },
);

await using server = await startPostgres({ fsync: true });
const pool = server.pool();
await pool.query(`create table users
  (id text primary key, arn text, name text not null, changed timestamptz, region text, seen_in text)`);
const table = postgres<ReturnType<typeof user>>({
  pool,
  table: 'users',
  columns: {
    id: 'Id',
    arn: 'Arn',
    name: 'Username',
    changed: 'LastModifiedTime',
    region: 'LastModifiedRegion',
  },
  key: 'id',
  removeUnseen: { column: 'seen_in' },
});

for (const what of ['an empty table', 'a table that has them']) {
  const startedAt = performance.now();
  const { written } = await users.drainTo(table);
  const seconds = (performance.now() - startedAt) / 1_000;
  const perMinute = Math.round((written / seconds) * 60);
  console.log(
    `${written} users into ${what}: ${seconds.toFixed(1)} s, ${perMinute} a minute (bound: 100000)`,
  );
}
