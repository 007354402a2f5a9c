import type { Format } from '../../destinations/formats/format.js';
import type { ParquetColumn } from '../../parquet/parquet.js';
import type { Column } from '../operations/operation.js';

/** Parquet, whose code and package are loaded when the output is opened. Without columns, the rows show them. */
export function parquetFormat(columns: readonly Column[] | undefined): Format<unknown> {
  const load = async () => {
    const { parquet } = await import('../../parquet/parquet.js');
    return parquet({
      columns: columns?.map(
        ({ key, header, type = 'string' }): ParquetColumn => ({ key, name: header, type }),
      ),
    });
  };
  return {
    name: 'parquet',
    takesDatesAsText: columns !== undefined,
    prepare: async () => (await load()).prepare?.(),
    async *encode(rows) {
      yield* (await load()).encode(rows);
    },
  };
}
