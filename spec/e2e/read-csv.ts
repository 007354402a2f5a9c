import { DuckDBInstance } from '@duckdb/node-api';

/** The rows of a CSV file as DuckDB reads them, in the order of the file, with every value as text. */
export async function readCsv(path: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(
      `select * from read_csv(${quoted(path)}, header = true, all_varchar = true, strict_mode = true)`,
    );
    return reader.getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
