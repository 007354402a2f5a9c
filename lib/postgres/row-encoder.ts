import { PageturnError } from '../core/errors.js';
import { quoted } from '../core/quoted.js';
import { columnValue } from './column-value.js';
import type { WrittenColumn } from './read-columns.js';
import type { TableColumn } from './target-table.js';

/** A column to write, with what the table says about it. */
export type TypedColumn = WrittenColumn & TableColumn & { readonly isKey: boolean };

/** Turns rows into JSON objects whose members are `c0`, `c1`, ... in the order of the columns. */
export class RowEncoder {
  readonly #target: string;
  readonly #columns: readonly TypedColumn[];

  constructor(target: string, columns: readonly TypedColumn[]) {
    this.#target = target;
    this.#columns = columns;
  }

  /** `firstNumber` is the number of the first row within the drain, for messages. */
  encode(rows: readonly unknown[], firstNumber: number): readonly string[] {
    return rows.map((row, index) => this.#encodeRow(row, firstNumber + index));
  }

  #encodeRow(row: unknown, number: number): string {
    const cells = this.#columns.map((column, index) => {
      const json = this.#encodeCell(column, row, number);
      return json === undefined ? '' : `"c${index}":${json}`;
    });
    return `{${cells.filter((cell) => cell !== '').join(',')}}`;
  }

  #encodeCell({ name, read, kind, isKey }: TypedColumn, row: unknown, number: number): string | undefined {
    const refused = (what: string, advice: string, cause?: unknown) =>
      new PageturnError(
        'ERR_DESTINATION_FAILED',
        `row ${number} ${what} in column ${quoted(name)} of ${this.#target}; ${advice} and run the same drain again to resume`,
        { cause },
      );
    const value = read(row);
    let json: string | undefined;
    try {
      json = JSON.stringify(columnValue(value, kind));
    } catch (error) {
      throw refused('has a value that cannot be read', 'map it to plain data', error);
    }
    if (json === undefined || json === 'null') {
      if (isKey) throw refused('has no value', 'filter such rows, or name another key');
      return undefined;
    }
    if (!NOT_STORABLE.test(json)) return json;
    if (hasNull(json)) throw refused('has a text with U+0000, which PostgreSQL cannot store', 'map it');
    const stored = replaceLoneSurrogates(json);
    // Two keys must not become one.
    if (isKey && stored !== json) throw refused('has a text that is not valid Unicode', 'map it');
    return stored;
  }
}

/** What JSON.stringify escapes and PostgreSQL refuses: U+0000 and lone surrogates. */
const NOT_STORABLE = /\\u(?:0000|d[89a-f])/;

/** A backslash that is escaped itself does not begin an escape. */
const ESCAPE = /\\(?:u(0000|d[89a-f]..)|.)/g;

function hasNull(json: string): boolean {
  return [...json.matchAll(ESCAPE)].some(([, code]) => code === '0000');
}

/** As every encoder of UTF-8 does: a lone half of a surrogate pair becomes U+FFFD. */
function replaceLoneSurrogates(json: string): string {
  return json.replace(ESCAPE, (text, code?: string) => (code === undefined ? text : '\ufffd'));
}
