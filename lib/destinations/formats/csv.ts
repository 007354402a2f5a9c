import { assertBoolean } from '../../core/assert-boolean.js';
import { assertKnownOptions } from '../../core/assert-known-options.js';
import { invalidArgument } from '../../core/errors.js';
import { columnsOf } from './columns-of.js';
import { cellAt } from './csv-cell.js';
import { type Format, toBytes } from './format.js';

/** A column: the name of a member, such as `Id` or `IdentityInfo.Email`, and its heading. */
export interface CsvColumn {
  readonly key: string;
  /** Default: the key. */
  readonly header?: string | undefined;
}

/** Options of `csv`. */
export interface CsvOptions {
  /** The columns, in order. Default: every member that any row has, in the order of their first appearance. */
  readonly columns?: readonly (string | CsvColumn)[] | undefined;
  /** Whether the first line has the names of the columns. Default true. */
  readonly header?: boolean | undefined;
  /** Whether the file begins with a byte order mark, which Excel needs to read UTF-8. Default false. */
  readonly bom?: boolean | undefined;
  /**
   * Whether a text that a spreadsheet would read as a formula is prefixed with an apostrophe: one that begins with `=`, `+`,
   * `-`, `@`, a tab, a carriage return, or the full-width form of one of the signs. Numbers stay as they are. Default true.
   */
  readonly escapeFormulas?: boolean | undefined;
}

/**
 * Comma-separated values (RFC 4180, in UTF-8, with lines that end in `\n`). Dates are ISO 8601, nested values JSON, bytes
 * base64; a missing value or an invalid date is a blank cell. A row that is not an object is one column, `value`.
 * Throws ERR_INVALID_ARGUMENT for options that are not valid.
 *
 * @example
 * const format = csv({ columns: ['Id', { key: 'Username', header: 'Name' }], bom: true });
 */
export function csv(options: CsvOptions = {}): Format<unknown> {
  assertKnownOptions('options of csv', options, ['columns', 'header', 'bom', 'escapeFormulas']);
  const { columns, header = true, bom = false, escapeFormulas = true } = options;
  assertBoolean('header', header);
  assertBoolean('bom', bom);
  assertBoolean('escapeFormulas', escapeFormulas);
  const wanted = columns && readColumns(columns);
  const encode = (rows: AsyncIterable<readonly unknown[]>) =>
    toBytes(lines(rows, wanted, { header, bom, escapeFormulas }));
  return { name: 'csv', takesDatesAsText: true, encode };
}

interface NamedColumn {
  readonly key: string;
  readonly header: string;
}

interface LineOptions {
  readonly header: boolean;
  readonly bom: boolean;
  readonly escapeFormulas: boolean;
}

async function* lines(
  chunks: AsyncIterable<readonly unknown[]>,
  wanted: readonly NamedColumn[] | undefined,
  { header, bom, escapeFormulas }: LineOptions,
): AsyncGenerator<string, void, void> {
  const { stringify } = await import('csv-stringify/sync');
  const columns = wanted ?? (await columnsOf(chunks)).map((key) => ({ key, header: key }));
  const options = {
    escape_formulas: escapeFormulas,
    columns: columns.map((column) => column.header),
    // A reader skips a line without anything in it.
    quoted_empty: columns.length === 1,
    cast: { boolean: String },
  };
  yield stringify([], { ...options, header: header && columns.length > 0, bom });
  for await (const rows of chunks) {
    for (let at = 0; at < rows.length; at += ROWS) {
      const cells = rows.slice(at, at + ROWS).map((row) => columns.map(({ key }) => cellAt(row, key)));
      yield stringify(cells, { ...options, header: false });
    }
  }
}

/** Texts of 1,000 rows leave the young generation of the garbage collector, and take a fifth longer. */
const ROWS = 200;

function readColumns(columns: readonly (string | CsvColumn)[]): readonly NamedColumn[] {
  if (!Array.isArray(columns) || columns.length === 0) {
    throw invalidArgument('columns', 'a list of at least one column', columns);
  }
  return columns.map((column: string | CsvColumn) => {
    const { key, header } = typeof column === 'string' ? { key: column } : { ...column };
    if (typeof key !== 'string')
      throw invalidArgument('a column', "a name or { key: 'Id', header: 'ID' }", column);
    if (header !== undefined && typeof header !== 'string')
      throw invalidArgument('header', 'a string', header);
    return { key, header: header ?? key };
  });
}
