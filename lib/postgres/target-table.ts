import { PageturnError } from '../core/errors.js';
import type { ValueKind } from './column-value.js';
import { type PostgresClient, rowsOf } from './pool.js';
import { type QualifiedName, quotedTable, shownTable } from './table-name.js';

/** A column as the catalogue describes it. */
export interface TableColumn {
  readonly name: string;
  /** As SQL, with its modifiers: `character varying(10)`. */
  readonly type: string;
  readonly kind: ValueKind;
  /** As SQL, where it is not that of the type. */
  readonly collation: string | undefined;
}

export interface TargetTable extends QualifiedName {
  readonly schema: string;
  readonly oid: string;
  readonly columns: ReadonlyMap<string, TableColumn>;
}

/** Reads a table from the catalogue; ERR_DESTINATION_FAILED says what is missing. */
export async function readTargetTable(
  client: PostgresClient,
  wanted: QualifiedName,
  columnNames: readonly string[],
): Promise<TargetTable> {
  const shown = shownTable(wanted);
  const [table] = await rowsOf<FoundTable>(client, FIND_TABLE, [quotedTable(wanted)]);
  if (!table) {
    const similar = await rowsOf(client, FIND_SIMILAR, [wanted.schema ?? null, wanted.name]);
    throw unusable(`there is no table ${shown}`, `${didYouMean(similar)}create it, or name another one`);
  }
  if (!TABLE_KINDS.has(table.kind)) throw unusable(`${shown} is not a table`, 'name the table itself');
  const rows = await rowsOf<FoundColumn>(client, READ_COLUMNS, [table.oid]);
  const all = new Map(rows.map((column) => [column.name, column]));
  for (const name of columnNames) assertWritable(shown, name, all);
  const { schema, name, oid } = table;
  const columns = new Map([...all].map(([key, column]) => [key, tableColumn(column)]));
  return { schema, name, oid, columns };
}

interface FoundTable {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
}

interface FoundColumn {
  readonly name: string;
  readonly type: string;
  readonly base: string;
  readonly category: string;
  readonly element: string | null;
  readonly collation: string | null;
  readonly isGenerated: string;
}

/** Ordinary and partitioned tables: no other has a unique constraint to upsert by. */
const TABLE_KINDS: ReadonlySet<string> = new Set(['r', 'p']);

const FIND_TABLE = `
select c.oid::text as oid, n.nspname::text as schema, c.relname::text as name, c.relkind::text as kind
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.oid = to_regclass($1::text)`;

const FIND_SIMILAR = `
select c.relname::text as name
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where lower(c.relname) = lower($2::text) and c.relkind in ('r', 'p')
  and case when $1::text is null then pg_catalog.pg_table_is_visible(c.oid) else n.nspname = $1 end
limit 1`;

// The base type of a domain, which may be a domain itself, says how values are written.
const READ_COLUMNS = `
with recursive based as (
  select a.attnum, t.oid, t.typbasetype
  from pg_catalog.pg_attribute a join pg_catalog.pg_type t on t.oid = a.atttypid
  where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped
  union all
  select b.attnum, t.oid, t.typbasetype
  from based b join pg_catalog.pg_type t on t.oid = b.typbasetype
)
select a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type, base.typname::text as base,
  base.typcategory::text as category, element.typname::text as element,
  case when a.attcollation <> declared.typcollation
    then quote_ident(cn.nspname) || '.' || quote_ident(co.collname) end as collation,
  (a.attgenerated <> '' or a.attidentity = 'a')::text as "isGenerated"
from pg_catalog.pg_attribute a
join pg_catalog.pg_type declared on declared.oid = a.atttypid
join based b on b.attnum = a.attnum and b.typbasetype = 0
join pg_catalog.pg_type base on base.oid = b.oid
left join pg_catalog.pg_type element on element.oid = base.typelem and base.typcategory = 'A'
left join pg_catalog.pg_collation co on co.oid = a.attcollation
left join pg_catalog.pg_namespace cn on cn.oid = co.collnamespace
where a.attrelid = $1::oid`;

function assertWritable(table: string, name: string, all: ReadonlyMap<string, FoundColumn>): void {
  const column = all.get(name);
  const shown = JSON.stringify(name);
  if (!column) {
    const similar = [...all.values()].filter((one) => one.name.toLowerCase() === name.toLowerCase());
    const advice = `${didYouMean(similar)}name columns of the table: ${[...all.keys()].join(', ')}`;
    throw unusable(`table ${table} has no column ${shown}`, advice);
  }
  if (column.isGenerated === 'true') {
    throw unusable(`column ${shown} of table ${table} is generated`, 'leave it out of columns');
  }
}

function didYouMean(similar: readonly { readonly name?: unknown }[]): string {
  return similar[0] ? `did you mean ${JSON.stringify(similar[0].name)}? Otherwise ` : '';
}

function tableColumn({ name, type, base, category, element, collation }: FoundColumn): TableColumn {
  const kind = category === 'A' && element !== null ? { listOf: kindOf(element) } : kindOf(base);
  return { name, type, kind, collation: collation ?? undefined };
}

function kindOf(base: string): 'json' | 'bytes' | 'scalar' {
  if (base === 'json' || base === 'jsonb') return 'json';
  return base === 'bytea' ? 'bytes' : 'scalar';
}

/** An error of the set-up, which is found before anything is listed. */
export function unusable(what: string, advice: string, cause?: unknown): PageturnError {
  return new PageturnError('ERR_DESTINATION_FAILED', `${what}; ${advice}`, { cause });
}
