import { readFileSync } from 'node:fs';
import * as connect from '@aws-sdk/client-connect';

/** A paged operation of the installed client, as its schema has it. */
export interface PagedOperation {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly input: Structure;
  readonly output: Structure;
  readonly itemsKey: string;
  /** The largest MaxResults; undefined if the operation has none. */
  readonly maxPageSize: number | undefined;
}

export interface Structure {
  readonly name: string;
  readonly members: readonly Member[];
}

export interface Member {
  readonly name: string;
  readonly isRequired: boolean;
  /** Its name in the query string, if it travels there. */
  readonly queryName: string | undefined;
  /** The schema of its value. */
  readonly schema: unknown;
}

/** The names of all operations of the installed client. */
export const operationNames = Object.keys(connect).flatMap(
  (name) => /^([A-Z]\w+)Command$/.exec(name)?.[1] ?? [],
);

/** All operations that take a NextToken and return one, by name. */
export function readPagedOperations(): PagedOperation[] {
  const sizes = readPageSizes();
  return operationNames.sort().flatMap((name) => {
    const [, , , traits, inputSchema, outputSchema] = schemaOf(name);
    const [input, output] = [readStructure(inputSchema), readStructure(outputSchema)];
    if (![input, output].every((one) => one?.members.some((member) => member.name === 'NextToken')))
      return [];
    if (!input || !output) return [];
    const [method = '', path = ''] = (traits as { http: string[] }).http;
    const lists = output.members.filter((member) => elementOf(member.schema) !== undefined);
    const [items] = lists;
    if (!items || lists.length > 1) throw new Error(`${name} has ${lists.length} lists`);
    if (!sizes.has(name))
      throw new Error(`add the largest page of ${name} to scripts/connect-page-sizes.tsv`);
    return [{ name, method, path, input, output, itemsKey: items.name, maxPageSize: sizes.get(name) }];
  });
}

/** An operation that returns the details of one resource. */
export interface DescribeOperation {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly input: Structure;
  /** The schema of the output. */
  readonly output: unknown;
}

/** A Describe operation of the installed client. */
export function readDescribe(name: string): DescribeOperation {
  const [, , , traits, inputSchema, output] = schemaOf(name);
  const input = readStructure(inputSchema);
  if (!input) throw new Error(`${name} has no input`);
  const [method = '', path = ''] = (traits as { http: string[] }).http;
  return { name, method, path, input, output };
}

/** A structure or union; undefined for anything else. The form of schemas is that of @smithy/types 4 (schema/static-schemas). */
export function readStructure(reference: unknown): Structure | undefined {
  const schema = dereference(reference);
  if (!Array.isArray(schema) || (schema[0] !== 3 && schema[0] !== 4)) return undefined;
  const [, , name, , names, schemas, required = 0] = schema as [
    number,
    string,
    string,
    unknown,
    string[],
    unknown[],
    number,
  ];
  return {
    name,
    members: names.map((member, i) => ({
      name: member,
      isRequired: i < required,
      queryName: queryNameOf(schemas[i]),
      schema: schemas[i],
    })),
  };
}

/** The schema of the elements of a list; undefined if it is none. */
export function elementOf(reference: unknown): unknown {
  const schema = dereference(reference);
  if (Array.isArray(schema)) return schema[0] === 1 ? schema[4] : undefined;
  return typeof schema === 'number' && schema >= 64 && schema < 128 ? schema - 64 : undefined;
}

/** References may be lazy, and are paired with traits if a member has its own. */
export function dereference(reference: unknown): unknown {
  if (typeof reference === 'function') return dereference(reference());
  return Array.isArray(reference) && reference.length === 2 ? dereference(reference[0]) : reference;
}

function schemaOf(operation: string): unknown[] {
  const command: unknown = Reflect.get(connect, `${operation}Command`);
  return new (command as new (input: object) => { schema: unknown[] })({}).schema;
}

function queryNameOf(reference: unknown): string | undefined {
  const traits: unknown = Array.isArray(reference) && reference.length === 2 ? reference[1] : undefined;
  return (Object(traits) as { httpQuery?: string }).httpQuery;
}

function readPageSizes(): Map<string, number | undefined> {
  const text = readFileSync(new URL('connect-page-sizes.tsv', import.meta.url), 'utf8');
  const lines = text.trimEnd().split('\n');
  return new Map(
    lines
      .filter((line) => !line.startsWith('#'))
      .map((line) => {
        const [name = '', size = ''] = line.split('\t');
        return [name, size === '' ? undefined : Number(size)];
      }),
  );
}
