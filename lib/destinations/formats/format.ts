import { invalidArgument } from '../../core/errors.js';

/** Turns rows into the bytes of a file, as a stream: only one chunk of rows is in memory at a time. */
export interface Format<T> {
  /** Its name, such as `csv`. */
  readonly name: string;
  /** Whether valid Dates, in members of any depth, may be given as their ISO 8601 text, which costs less to read. Default false. */
  readonly takesDatesAsText?: boolean | undefined;
  /** Loads what the format needs, such as a package. A destination calls it, if it exists, when it is opened. */
  prepare?(): Promise<void>;
  /** The bytes of all rows. A format that has to look at every row first iterates them twice. */
  encode(rows: AsyncIterable<readonly T[]>): AsyncIterable<Uint8Array>;
  /** The same bytes, from rows that are lines of `ndjson()` already; for a format that need not read them. */
  encodeLines?(lines: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

/** Throws ERR_INVALID_ARGUMENT unless the option `format` of a destination is one. */
export function assertFormat(format: Format<never>): void {
  if (typeof format?.encode !== 'function')
    throw invalidArgument('format', 'a format, such as csv()', format);
}

/** The bytes of texts; a lone half of a surrogate pair becomes U+FFFD. Empty texts are left out. */
export async function* toBytes(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array, void, void> {
  const encoder = new TextEncoder();
  for await (const text of texts) if (text !== '') yield encoder.encode(text);
}
