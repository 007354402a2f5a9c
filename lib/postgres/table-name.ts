import { invalidArgument } from '../core/errors.js';

/** A table as the catalogue names it: `users`, `crm.users`, or `{ schema, name }` for names with a dot. */
export type TableName = string | { readonly schema?: string | undefined; readonly name: string };

export interface QualifiedName {
  readonly schema: string | undefined;
  readonly name: string;
}

/** The parts of a name. A text has its schema before the only dot; upper case counts. */
export function readTableName(option: string, table: TableName): QualifiedName {
  if (typeof table === 'string') {
    const parts = table.split('.');
    const [schema, name] = parts.length === 1 ? [undefined, parts[0]] : parts;
    if (parts.length <= 2 && isIdentifier(name) && (schema === undefined || isIdentifier(schema))) {
      return { schema, name };
    }
  } else if (typeof table === 'object' && table !== null) {
    const { schema, name } = table;
    if (isIdentifier(name) && (schema === undefined || isIdentifier(schema))) return { schema, name };
  }
  throw invalidArgument(
    option,
    "a name such as 'users', 'crm.users' or { schema: 'crm', name: 'a.b' }",
    table,
  );
}

/** Whether PostgreSQL accepts a text as a name, once it is quoted. */
export function isIdentifier(name: unknown): name is string {
  return typeof name === 'string' && name !== '' && !name.includes('\0');
}

/** A name as SQL, whatever characters it has. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function quotedTable({ schema, name }: QualifiedName): string {
  return schema === undefined ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;
}

/** A name for messages: as it is written in SQL, quoted only where it must be. */
export function shownTable({ schema, name }: QualifiedName): string {
  const shown = (part: string) => (/^[a-z_][a-z0-9_]*$/.test(part) ? part : JSON.stringify(part));
  return schema === undefined ? shown(name) : `${shown(schema)}.${shown(name)}`;
}
