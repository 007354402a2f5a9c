import type { ColumnSource } from 'hyparquet-writer';
import { PageturnError } from '../core/errors.js';
import { quoted } from '../core/quoted.js';
import { valueAt } from '../destinations/formats/csv-cell.js';
import { PARQUET_TYPES, type ParquetType } from './parquet-types.js';

/** A column whose type is settled. */
export interface Column {
  readonly key: string;
  readonly name: string;
  readonly type: ParquetType;
}

/** Gathers rows as columns until there are enough for a group of rows in the file. */
export class RowGroups {
  readonly #columns: readonly Column[];
  #data: unknown[][] = [];
  #rows = 0;
  #units = 0;
  /** The rows of the groups before this one. */
  #before = 0;

  constructor(columns: readonly Column[]) {
    this.#columns = columns;
    this.#start();
  }

  get isEmpty(): boolean {
    return this.#rows === 0;
  }

  get isFull(): boolean {
    return this.#rows >= MOST_ROWS || this.#units >= MOST_UNITS;
  }

  add(row: unknown): void {
    this.#rows++;
    for (const [index, { key, name, type }] of this.#columns.entries()) {
      const value = valueAt(row, key);
      const cell = isBlank(value) ? null : PARQUET_TYPES[type].cell(value as NonNullable<unknown>);
      if (cell === undefined) throw this.#doesNotFit(name, type);
      this.#units += unitsOf(cell);
      this.#data[index]?.push(cell);
    }
  }

  /** The rows since the last call, as one group. */
  take(): { columnData: ColumnSource[]; rowGroupSize: number } {
    const rowGroupSize = this.#rows;
    const columnData = this.#columns.map(({ name }, index) => ({ name, data: this.#data[index] ?? [] }));
    this.#before += this.#rows;
    this.#start();
    return { columnData, rowGroupSize };
  }

  #start(): void {
    this.#data = this.#columns.map(() => []);
    this.#rows = 0;
    this.#units = 0;
  }

  /** Without the value, which may be personal. */
  #doesNotFit(name: string, type: ParquetType): PageturnError {
    return new PageturnError(
      'ERR_DESTINATION_FAILED',
      `row ${this.#before + this.#rows} does not fit column ${quoted(name)} of type ${type}; give the column another type, such as string, and run the same drain again`,
    );
  }
}

/** The writer takes 180 MB for groups of 10,000 users and 330 MB for 50,000, and is slower with more. */
const MOST_ROWS = 10_000;

/** Characters and bytes: twice what 10,000 users have, so that larger rows take no more memory. */
const MOST_UNITS = 4 * 1_048_576;

function unitsOf(cell: unknown): number {
  if (typeof cell === 'string' || cell instanceof Uint8Array) return cell.length;
  return typeof cell === 'object' && cell !== null ? JSON.stringify(cell).length : 0;
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'function' || typeof value === 'symbol';
}
