import { fromTypedJson, type Path, type ValueTypes } from '../../core/typed-json.js';

/** What JSON cannot express in as many neighbouring rows: the third and fourth member are left out if they are empty. */
export type RowTypes = readonly [rows: number, dates?: ValueTypes['dates'], typed?: ValueTypes['typed']];

/** Gathers the types of rows, of which neighbours mostly have the same. */
export class RowTypesRuns {
  #runs: RowTypes[] = [];
  /** Those seen last: rows mostly alternate between a few, and a run keeps the lists of its first row. */
  #kinds: ValueTypes[] = [];
  #last: ValueTypes = NONE;
  #rows = 0;

  add(types: ValueTypes): void {
    if (!sameTypes(types, this.#last)) {
      this.#end();
      this.#last = this.#kinds.find((kind) => sameTypes(types, kind)) ?? this.#noteKind(types);
    }
    this.#rows++;
  }

  /** The runs since the last call; none if JSON expresses every row by itself. */
  take(): readonly RowTypes[] {
    this.#end();
    const runs = this.#runs;
    this.#runs = [];
    this.#kinds = [];
    this.#last = NONE;
    return runs.some(([, ...types]) => types.length > 0) ? runs : [];
  }

  #noteKind({ dates, typed }: ValueTypes): ValueTypes {
    const kind = { dates, typed };
    if (this.#kinds.length === MOST_KINDS) this.#kinds.shift();
    this.#kinds.push(kind);
    return kind;
  }

  #end(): void {
    const { dates, typed } = this.#last;
    const rows = this.#rows;
    if (typed.length > 0) this.#runs.push([rows, dates, typed]);
    else if (rows > 0) this.#runs.push(dates.length > 0 ? [rows, dates] : [rows]);
    this.#rows = 0;
  }
}

/** More would take longer to compare than they save. */
const MOST_KINDS = 4;

/** How rows are read from a spool. */
export interface ReadOptions {
  /** Whether valid Dates stay the ISO 8601 text that they are in the spool. */
  readonly datesAsText?: boolean | undefined;
}

/** Gives one row after the other its types. */
export class RowTypesReader {
  #runs: readonly RowTypes[] = [];
  #run = 0;
  #left = 0;
  readonly #datesAsText: boolean;

  constructor({ datesAsText = false }: ReadOptions = {}) {
    this.#datesAsText = datesAsText;
  }

  /** The types of the rows that follow. */
  start(runs: readonly RowTypes[]): void {
    this.#runs = runs;
    this.#run = -1;
    this.#left = 0;
  }

  /** Turns rows that are plain JSON into the values that they were, in their place. */
  restore(rows: unknown[]): void {
    for (let at = 0; at < rows.length; ) {
      while (this.#left === 0 && this.#run < this.#runs.length)
        this.#left = this.#runs[++this.#run]?.[0] ?? 0;
      // Rows without a run have no types.
      const count = this.#left === 0 ? rows.length - at : Math.min(this.#left, rows.length - at);
      if (this.#left > 0) this.#left -= count;
      const [, ofRun = NO_PATHS, typed = NO_TYPED] = this.#runs[this.#run] ?? [0];
      const dates = this.#datesAsText ? NO_PATHS : ofRun;
      const end = at + count;
      if (dates.length + typed.length === 0) at = end;
      for (; at < end; at++) rows[at] = fromTypedJson({ json: rows[at], dates, typed });
    }
  }
}

const NO_PATHS: ValueTypes['dates'] = [];
const NO_TYPED: ValueTypes['typed'] = [];
const NONE: ValueTypes = { dates: NO_PATHS, typed: NO_TYPED };

function sameTypes(one: ValueTypes, other: ValueTypes): boolean {
  return samePaths(one.dates, other.dates) && samePaths(one.typed, other.typed);
}

function samePaths(one: readonly Path[], other: readonly Path[]): boolean {
  return (
    one.length === other.length &&
    one.every((path, n) => {
      const same = other[n] as Path;
      return path.length === same.length && path.every((name, depth) => name === same[depth]);
    })
  );
}
