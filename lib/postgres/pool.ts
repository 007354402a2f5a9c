/** What a connection of a {@link PostgresPool} must do; that of `pg` does. */
export interface PostgresClient {
  query(text: string, values?: (string | null)[]): Promise<{ readonly rows: readonly unknown[] }>;
  /** Puts the connection back, or closes it if `destroy` is true. */
  release(destroy?: boolean): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
}

/** Where connections come from: the `Pool` of `pg`, or one that works like it. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
}

/** The rows that a statement answers with; all their values are texts, whatever parsers of types the pool has. */
export async function rowsOf<R = Readonly<Record<string, string | null>>>(
  client: PostgresClient,
  text: string,
  values: (string | null)[],
): Promise<readonly R[]> {
  const { rows } = await client.query(text, values);
  return rows as readonly R[];
}
