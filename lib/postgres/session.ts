import { onAbort } from '../core/abort.js';
import type { Clock } from '../core/clock.js';
import { startTimer } from '../core/start-timer.js';
import { GRACE_MS } from '../listing/traversal/within-grace.js';
import { timeoutError } from '../request/timeout-error.js';
import { retried } from '../request/with-retry.js';
import { databaseError } from './database-error.js';
import type { PostgresClient, PostgresPool } from './pool.js';
import { classifyDatabaseError } from './sql-state.js';
import { ignoreLostConnections, withClient } from './with-client.js';

interface SessionOptions {
  readonly target: string;
  readonly clock: Clock;
  /** Ends waits at once, and statements after a grace. */
  readonly signal: AbortSignal;
}

interface Work<R> {
  /** What it does, such as `write to`, for messages. */
  readonly what: string;
  /** How long one attempt may take. */
  readonly timeoutMs?: number;
  readonly run: (client: PostgresClient) => Promise<R>;
}

/**
 * As long as a request may take by default. A connection that was lost without a word is noticed by this only, and TCP
 * itself takes a quarter of an hour.
 */
const ATTEMPT_TIMEOUT_MS = 60_000;

/** The connections of one run: work on them is tried again, as patiently as a request, until it has an outcome. */
export class Session {
  readonly #pool: PostgresPool;
  readonly #options: SessionOptions;
  /** Ends the session; its pool stays open. */
  readonly end: () => void;
  readonly #send: (work: Work<unknown>) => Promise<unknown>;

  constructor(pool: PostgresPool, options: SessionOptions) {
    this.#pool = pool;
    this.#options = options;
    const { clock, signal } = options;
    const send = retried<Work<unknown>, unknown>((work) => this.#attempt(work), {
      classify: classifyDatabaseError,
      clock,
    });
    this.#send = (work) => send(work, { signal, operation: `${work.what} ${options.target}` });
    this.end = ignoreLostConnections(pool);
  }

  /** Rejects with ERR_DESTINATION_FAILED once it is given up. The work may run more than once, and must allow for it. */
  async run<R>(work: Work<R>): Promise<R> {
    const { signal, target } = this.#options;
    try {
      return (await this.#send(work)) as R;
    } catch (error) {
      signal.throwIfAborted();
      throw databaseError(`cannot ${work.what} ${target}`, error);
    }
  }

  async #attempt<R>({ run, timeoutMs = ATTEMPT_TIMEOUT_MS }: Work<R>): Promise<R> {
    const { clock, signal } = this.#options;
    const cut = new AbortController();
    const stops: (() => void)[] = [];
    const cutAfter = (ms: number, reason: unknown) =>
      void stops.push(startTimer(clock, ms, () => cut.abort(reason)));
    cutAfter(timeoutMs, timeoutError(timeoutMs));
    stops.push(onAbort(signal, (reason) => cutAfter(GRACE_MS, reason)));
    try {
      return await withClient(this.#pool, run, cut.signal);
    } finally {
      for (const stop of stops) stop();
    }
  }
}
