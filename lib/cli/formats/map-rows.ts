import type { Format } from '../../destinations/formats/format.js';

/** Rows as they come, in chunks. */
export type Rows<T> = AsyncIterable<readonly T[]>;

/** A format that writes what `transform` makes of the rows; it may read them more than once. */
export function mapRows<T, R>(format: Format<R>, transform: (rows: Rows<T>) => Rows<R>): Format<T> {
  return {
    name: format.name,
    takesDatesAsText: format.takesDatesAsText,
    ...(format.prepare && { prepare: () => format.prepare?.() ?? Promise.resolve() }),
    encode: (rows) =>
      format.encode({ [Symbol.asyncIterator]: () => transform(rows)[Symbol.asyncIterator]() }),
  };
}
