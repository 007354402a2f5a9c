import { csv, type Format, ndjson } from '../../lib/node/index.js';
import { parquet } from '../../lib/parquet/index.js';

const COLUMNS = ['Id', 'Arn', 'Username', 'LastModifiedTime', 'LastModifiedRegion'];

export const FORMATS: Readonly<Record<string, Format<unknown>>> = {
  ndjson: ndjson(),
  csv: csv({ columns: COLUMNS }),
  parquet: parquet({
    columns: COLUMNS.map((key) => ({ key, type: key === 'LastModifiedTime' ? 'timestamp' : 'string' })),
  }),
};
