import { didYouMean } from '../../core/did-you-mean.js';
import { PageturnError } from '../../core/errors.js';
import { quoted } from '../../core/quoted.js';
import { userDetails } from '../user-details.js';
import { SEARCHED_FIELDS, USER_FIELD_NAMES } from '../user-fields.js';
import type { UserField } from '../user-row.js';
import type { DiffInstance, DiffSource } from './diff-source.js';
import { MissingColumn } from './missing-column.js';
import { NOT_COMPARED } from './not-compared.js';

interface OpenSidesOptions {
  readonly key: string;
  readonly fields: readonly string[] | undefined;
}

interface OpenedSides {
  readonly a: AsyncIterable<object>;
  readonly b: AsyncIterable<object>;
  /** The fields to compare; undefined for every field that one of two rows has. */
  readonly compared: readonly string[] | undefined;
}

/** The rows of both sides, with the fields that are compared. */
export async function openSides(
  { a, b }: { readonly a: DiffSource; readonly b: DiffSource },
  { key, fields }: OpenSidesOptions,
): Promise<OpenedSides> {
  const sides = [await readSide(a), await readSide(b)] as const;
  const compared = fields ?? defaultFields(sides, key);
  for (const { csv } of sides) {
    const missing = csv && [key, ...(fields ?? [])].find((field) => !csv.members.includes(field));
    if (missing !== undefined && csv) throw withoutColumn(missing, csv);
  }
  assertFields(sides, { key, fields });
  const open = ({ rows, instance }: Side) =>
    instance ? usersOf(instance, [key, ...(compared ?? [])]) : rows;
  return { a: open(sides[0]), b: open(sides[1]), compared };
}

function withoutColumn(missing: string, { path, members }: CsvMembers): PageturnError {
  if (members.length === 0)
    return new PageturnError('ERR_INVALID_ARGUMENT', `cannot read ${path}: it is empty`);
  const heading = members.find((one) => plain(one) === plain(missing));
  // The name of a field of users is right, whatever the file calls it.
  const isRight = heading !== undefined || USER_FIELD_NAMES.some((name) => name === missing);
  const hint = isRight ? '' : didYouMean(missing, members);
  return new MissingColumn({ path, field: missing, heading, delimiter: delimiterIn(members), hint });
}

/** Refuses a key that no row of a file has, and fields that no row of two files has: nothing would be compared. */
function assertFields(sides: readonly Side[], { key, fields = [] }: OpenSidesOptions): void {
  for (const { path, members = [] } of sides) {
    if (path !== undefined && members.length > 0 && !members.includes(key))
      throw withoutField(`no row of ${path}`, key, members);
  }
  if (sides.some(({ path }) => path === undefined)) return;
  const all = sides.flatMap(({ members = [] }) => members);
  const unknown = fields.find((field) => !all.includes(field));
  if (unknown !== undefined && all.length > 0) throw withoutField('no row', unknown, all);
}

function withoutField(rows: string, field: string, members: readonly string[]): PageturnError {
  const what = `${rows} has the field ${quoted(field)}${didYouMean(field, members)}`;
  return new PageturnError('ERR_INVALID_ARGUMENT', what);
}

/** What separates headings that were read as a single one. */
function delimiterIn([heading = '', ...others]: readonly string[]): string | undefined {
  if (others.length > 0) return undefined;
  return [...DELIMITERS].find(([character]) => heading.includes(character))?.[1];
}

const DELIMITERS = new Map([
  [';', ';'],
  ['\t', String.raw`\t`],
]);

/** As in `USERNAME` and `User name`. */
function plain(heading: string): string {
  return heading.toLowerCase().replace(/[\s_-]/g, '');
}

interface CsvMembers {
  readonly path: string;
  readonly members: readonly string[];
}

interface Side {
  readonly rows: AsyncIterable<object>;
  readonly instance?: DiffInstance;
  /** Set for a file whose rows omit what is undefined. */
  readonly path?: string | undefined;
  /** Set for a CSV file. */
  readonly csv?: CsvMembers | undefined;
  /** The members that any row has, if they are known before the rows are read. */
  readonly members?: readonly string[] | undefined;
}

async function readSide(source: DiffSource): Promise<Side> {
  if (isInstance(source)) return { rows: NO_ROWS, instance: source };
  const { csvMembers } = await import('../../node/read-csv.js');
  const { readRows } = await import('../../node/diff/read-rows.js');
  const rows = typeof source === 'string' ? readRows(source) : asyncRows(source);
  const csv = await csvMembers(rows);
  if (csv) return { rows, csv, members: csv.members };
  return typeof source === 'string' ? { rows, path: source, members: await membersIn(rows) } : { rows };
}

/** Reads the whole file for its members, because a row omits those that are undefined. */
async function membersIn(rows: AsyncIterable<object>): Promise<readonly string[]> {
  const members = new Set<string>();
  for await (const row of rows) for (const name of Object.keys(row)) members.add(name);
  return [...members];
}

function defaultFields(sides: readonly Side[], key: string): readonly string[] | undefined {
  const known = sides.flatMap(({ members }) => (members ? [members] : []));
  const hasCsv = sides.some(({ csv }) => csv);
  const hasInstance = sides.some(({ instance }) => instance);
  if (!hasCsv && !hasInstance) return undefined;
  const first: readonly string[] = hasCsv ? (sides.find(({ csv }) => csv)?.csv?.members ?? []) : USER_FIELDS;
  return first.filter(
    (field) =>
      field !== key && !NOT_COMPARED.includes(field) && known.every((members) => members.includes(field)),
  );
}

/** All that SearchUsers has, with names instead of ids; the path of a hierarchy group has its name. */
const USER_FIELDS: readonly string[] = SEARCHED_FIELDS.filter((field) => field !== 'HierarchyGroupName');

function usersOf({ client, InstanceId }: DiffInstance, fields: readonly string[]): AsyncIterable<object> {
  // Unknown names are refused there, with a suggestion.
  return userDetails(client, { InstanceId }, { fields: ['Id', ...fields] as readonly UserField[] });
}

const NO_ROWS: AsyncIterable<object> = { async *[Symbol.asyncIterator]() {} };

function isInstance(source: DiffSource): source is DiffInstance {
  return typeof source === 'object' && 'client' in source && 'InstanceId' in source;
}

function asyncRows(source: AsyncIterable<object> | Iterable<object>): AsyncIterable<object> {
  if (Symbol.asyncIterator in source) return source;
  return {
    async *[Symbol.asyncIterator]() {
      yield* source;
    },
  };
}
