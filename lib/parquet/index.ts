export { type ParquetColumn, type ParquetOptions, parquet } from './parquet.js';
export type { ParquetType } from './parquet-types.js';
