import { isPageturnError, PageturnError } from '../../core/errors.js';
import { publish } from '../../core/events.js';
import type { ListingSource } from '../listing-source.js';

type RestartPolicy = Pick<ListingSource<unknown>, 'isTokenRejected' | 'onTokenRejected' | 'query'>;

/** What a traversal does about a rejected token: it fails, or the listing starts over. */
export class Restarts {
  count = 0;
  /** Between the rejection and the first page of the listing that starts over. */
  isUnderWay = false;
  readonly #policy: RestartPolicy;
  #farthest = 0;

  constructor(policy: RestartPolicy) {
    this.#policy = policy;
  }

  /** Starts over after the error of a fetch that was given a token, `used` of them so far; throws if that is not to be done. */
  begin(error: unknown, used: number): void {
    const { isTokenRejected, onTokenRejected, query } = this.#policy;
    if (!isTokenRejected?.(error)) throw error;
    // If a token is rejected no later than the last time, restarts would never end.
    if (onTokenRejected === 'fail') throw tokenRejected(error, EXPIRED);
    if (used <= this.#farthest) throw tokenRejectedAgain(error);
    this.#farthest = used;
    this.isUnderWay = true;
    this.count++;
    publish('pageturn:restart', () => ({ operation: query.operation, restart: this.count, error }));
  }
}

const EXPIRED =
  "it has expired, or it belongs to another query; start over, or pass onTokenRejected: 'restart'";
const REJECTED_AGAIN =
  'the listing started over, and a token was rejected again after no more pages than before; run again later, and report it to the service if it persists';

/** ERR_TOKEN_REJECTED of a listing that has already started over. */
export function tokenRejectedAgain(error: unknown): PageturnError {
  return tokenRejected(error, REJECTED_AGAIN);
}

function tokenRejected(error: unknown, why: string): PageturnError {
  const { cause, attempts, cursor }: Partial<PageturnError> = isPageturnError(error)
    ? error
    : { cause: error };
  return new PageturnError('ERR_TOKEN_REJECTED', `the service rejected the page token: ${why}`, {
    cause,
    attempts,
    cursor,
  });
}
