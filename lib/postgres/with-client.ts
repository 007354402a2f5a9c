import { raceAbort } from '../core/abort.js';
import { PageturnError } from '../core/errors.js';
import type { PostgresClient, PostgresPool } from './pool.js';
import { sqlStateOf } from './sql-state.js';

/** Borrows a connection, and closes it unless the server is known to be done with it. */
export async function withClient<R>(
  pool: PostgresPool,
  run: (client: PostgresClient) => Promise<R>,
  cut: AbortSignal,
): Promise<R> {
  const connecting = pool.connect();
  const client = await raceAbort(connecting, cut).catch((error: unknown) => {
    connecting.then(
      (late) => late.release(),
      () => {},
    );
    throw error;
  });
  client.on('error', ignore);
  let isUsable = false;
  try {
    const result = await raceAbort(run(client), cut);
    isUsable = true;
    return result;
  } catch (error) {
    isUsable = isOfStatement(error);
    throw error;
  } finally {
    // One that is closed may still report an error.
    if (isUsable) client.removeListener('error', ignore);
    client.release(!isUsable);
  }
}

/** Runs statements in one transaction. */
export async function inTransaction<R>(client: PostgresClient, work: () => Promise<R>): Promise<R> {
  await client.query('begin');
  try {
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    // Any other error leaves a connection that is closed anyhow.
    if (isOfStatement(error)) await client.query('rollback');
    throw error;
  }
}

/**
 * Idle connections report that they were lost; without a listener, that ends the process. A pool gets one listener,
 * however many runs it serves: Node warns from eleven on. Call the returned function once the run is over.
 */
export function ignoreLostConnections(pool: PostgresPool): () => void {
  const count = runsOf.get(pool) ?? 0;
  if (count === 0) pool.on('error', ignore);
  runsOf.set(pool, count + 1);
  return () => {
    const left = (runsOf.get(pool) ?? 1) - 1;
    runsOf.set(pool, left);
    if (left === 0) pool.removeListener('error', ignore);
  };
}

const runsOf = new WeakMap<PostgresPool, number>();

/** Whether an error leaves the connection usable: the server's about a statement, or our own. */
function isOfStatement(error: unknown): boolean {
  if (error instanceof PageturnError) return true;
  const state = sqlStateOf(error);
  return state !== undefined && !/^(08|57P)/.test(state);
}

function ignore(): void {}
