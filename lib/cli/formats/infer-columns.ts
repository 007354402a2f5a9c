import { columnsOf } from '../../destinations/formats/columns-of.js';
import type { Format } from '../../destinations/formats/format.js';
import { CliError } from '../cli-error.js';
import type { Rows } from './map-rows.js';

/**
 * A format whose columns are the members of the first rows, because what is written can no longer be changed when the
 * others come. Throws if a later row has a member that is no column.
 */
export function inferColumns(
  name: string,
  create: (headers: readonly string[]) => Format<unknown>,
): Format<unknown> {
  return {
    name,
    takesDatesAsText: true,
    async *encode(chunks) {
      const iterator = chunks[Symbol.asyncIterator]();
      const first = await iterator.next();
      const rows = first.done ? [] : first.value;
      const columns = await columnsOf(onlyOnce(rows));
      yield* create(columns).encode(checked(rows, iterator, columns));
    },
  };
}

function onlyOnce(rows: readonly unknown[]): Rows<unknown> {
  return {
    async *[Symbol.asyncIterator]() {
      yield rows;
    },
  };
}

async function* checked(
  first: readonly unknown[],
  others: AsyncIterator<readonly unknown[]>,
  columns: readonly string[],
): AsyncGenerator<readonly unknown[], void, void> {
  yield first;
  for (let next = await others.next(); !next.done; next = await others.next()) {
    const extra = (await columnsOf(onlyOnce(next.value))).find((name) => !columns.includes(name));
    if (extra !== undefined && columns.length > 0) {
      throw new CliError(
        `a row has the member ${extra}, which is not a column; name all columns with --columns`,
      );
    }
    yield next.value;
  }
}
