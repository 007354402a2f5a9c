import { DuckDBInstance } from '@duckdb/node-api';

/** The rows of a query over files, as DuckDB reads them. */
export async function query(sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** The rows of a CSV file in its order, with every value as text. */
export function readCsv(path: string): Promise<Record<string, unknown>[]> {
  const file = `'${path.replaceAll("'", "''")}'`;
  return query(`select * from read_csv(${file}, header = true, all_varchar = true, strict_mode = true)`);
}
