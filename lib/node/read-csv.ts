import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { assertBoolean } from '../core/assert-boolean.js';
import { assertKnownOptions } from '../core/assert-known-options.js';
import { invalidArgument, PageturnError } from '../core/errors.js';
import { nearestName } from '../core/nearest-name.js';
import { quoted } from '../core/quoted.js';

/** Options of `readCsv`. */
export interface ReadCsvOptions {
  /** The members of a row, and the heading of the column of each. Default: every column, named by its heading. */
  readonly columns?: Readonly<Record<string, string>> | undefined;
  /** What separates the cells. Default `','`. */
  readonly delimiter?: string | undefined;
  /** Whether to remove the apostrophes that `csv()` puts before formulas. Default true. */
  readonly escapeFormulas?: boolean | undefined;
}

/** A row of a CSV file: every cell is a text. */
export type CsvRow = Readonly<Record<string, string>>;

/**
 * The rows of a CSV file (RFC 4180, in UTF-8, with or without a byte order mark, or UTF-16 with one), such as the export
 * of an identity provider. Its first line has the headings. The file is read a part at a time, and again for each loop.
 *
 * Throws ERR_INVALID_ARGUMENT, while it is read, for a heading that is missing or there twice, and for a line that does not
 * fit; the message has its number, and never what is in it. Errors of the file system pass unchanged.
 *
 * @example
 * for await (const { Username } of readCsv('people.csv', { columns: { Username: 'user login' } })) console.log(Username);
 */
export function readCsv(path: string, options: ReadCsvOptions = {}): AsyncIterable<CsvRow> {
  if (typeof path !== 'string' || path === '') throw invalidArgument('path', 'the path of a file', path);
  assertKnownOptions('options', options, ['columns', 'delimiter', 'escapeFormulas']);
  const { columns, delimiter = ',', escapeFormulas = true } = options;
  if (columns !== undefined) assertColumns(columns);
  if (typeof delimiter !== 'string' || delimiter === '')
    throw invalidArgument('delimiter', 'a text, such as a semicolon', delimiter);
  assertBoolean('escapeFormulas', escapeFormulas);
  return new CsvRows(path, { columns, delimiter, escapeFormulas });
}

/** The path and the members of rows that come from a CSV file; undefined for any others. */
export async function csvMembers(
  rows: unknown,
): Promise<{ readonly path: string; readonly members: readonly string[] } | undefined> {
  return rows instanceof CsvRows ? { path: rows.path, members: await rows.members() } : undefined;
}

interface ReadOptions {
  readonly columns: Readonly<Record<string, string>> | undefined;
  readonly delimiter: string;
  readonly escapeFormulas: boolean;
}

class CsvRows implements AsyncIterable<CsvRow> {
  readonly path: string;
  readonly #options: ReadOptions;

  constructor(path: string, options: ReadOptions) {
    this.path = path;
    this.#options = options;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<CsvRow, void, void> {
    const { columns, escapeFormulas } = this.#options;
    let members: readonly Member[] | undefined;
    for await (const line of this.#lines()) {
      if (members) {
        const cells = members.map(({ name, cell }) => [name, cellText(line[cell] ?? '', escapeFormulas)]);
        yield Object.fromEntries(cells);
      } else members = membersOf(line, columns, this.path);
    }
    if (!members) membersOf([], columns, this.path);
  }

  async members(): Promise<readonly string[]> {
    for await (const line of this.#lines())
      return membersOf(line, this.#options.columns, this.path).map(({ name }) => name);
    return [];
  }

  async *#lines(): AsyncGenerator<readonly string[], void, void> {
    const { parse } = await import('csv-parse');
    const text = Readable.from(textOf(this.path));
    const parser = parse({ delimiter: this.#options.delimiter, skip_empty_lines: true });
    text.on('error', (error) => parser.destroy(error));
    try {
      yield* text.pipe(parser) as AsyncIterable<readonly string[]>;
    } catch (error) {
      throw withoutContent(error, this.path);
    } finally {
      text.destroy();
      parser.destroy();
    }
  }
}

/** The text without the byte order mark. Throws for other encodings: U+FFFD in place of a letter would be a difference. */
async function* textOf(path: string): AsyncGenerator<string, void, void> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  try {
    for await (const bytes of createReadStream(path) as AsyncIterable<Uint8Array>) {
      const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
      decoder ??= new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8', { fatal: true });
      yield decoder.decode(bytes, { stream: true });
    }
    yield decoder?.decode() ?? '';
  } catch (error) {
    if (Object(error).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    throw unfit(path, 'it is not in UTF-8; save it as "CSV UTF-8"');
  }
}

interface Member {
  readonly name: string;
  /** The place of its cell in a line. */
  readonly cell: number;
}

function membersOf(
  headings: readonly string[],
  columns: Readonly<Record<string, string>> | undefined,
  path: string,
): readonly Member[] {
  const wanted = Object.entries(columns ?? Object.fromEntries(headings.map((heading) => [heading, heading])));
  return wanted.map(([name, heading]) => {
    const cell = headings.indexOf(heading);
    if (cell < 0) throw unfit(path, `it has no column ${quoted(heading)}${hintFor(heading, headings)}`);
    if (headings.indexOf(heading, cell + 1) < 0) return { name, cell };
    throw unfit(path, `it has two columns ${quoted(heading)}; rename one of them`);
  });
}

function hintFor(heading: string, headings: readonly string[]): string {
  const nearest = nearestName(heading, headings);
  return nearest === undefined ? '' : ` (did you mean ${quoted(nearest)}?)`;
}

/** What `escapeFormulas` of `csv()` prefixes with an apostrophe. */
const ESCAPED_FORMULA = /^'(?=[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])/;

function cellText(cell: string, escapeFormulas: boolean): string {
  return escapeFormulas ? cell.replace(ESCAPED_FORMULA, '') : cell;
}

/** The parser's own messages contain what is in the file. */
function withoutContent(error: unknown, path: string): unknown {
  const { code, lines } = error as { readonly code?: unknown; readonly lines?: unknown };
  const words = typeof code === 'string' ? WORDS[code] : undefined;
  if (words === undefined && !(typeof code === 'string' && code.startsWith('CSV_'))) return error;
  const place = typeof lines === 'number' ? ` near line ${lines}` : '';
  return unfit(path, `${words ?? 'it is not valid CSV'}${place}; correct the file, or pass its delimiter`);
}

/** By the codes of csv-parse. */
const WORDS: Readonly<Record<string, string | undefined>> = {
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: 'a row has more or fewer cells than the headings',
  CSV_QUOTE_NOT_CLOSED: 'a quoted cell does not end',
  INVALID_OPENING_QUOTE: 'there is a quote within a cell that is not quoted',
};

function unfit(path: string, why: string): PageturnError {
  return new PageturnError('ERR_INVALID_ARGUMENT', `cannot read ${path}: ${why}`);
}

function assertColumns(columns: unknown): void {
  const isNamed =
    typeof columns === 'object' &&
    columns !== null &&
    !Array.isArray(columns) &&
    Object.keys(columns).length > 0 &&
    Object.values(columns).every((heading) => typeof heading === 'string');
  if (!isNamed) throw invalidArgument('columns', "an object such as { Username: 'user login' }", columns);
}
