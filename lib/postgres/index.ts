export type { PostgresClient, PostgresPool } from './pool.js';
export { type PostgresColumns, type PostgresOptions, postgres } from './postgres.js';
export type { TableName } from './table-name.js';
