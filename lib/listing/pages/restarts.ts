import { PageturnError } from '../../core/errors.js';
import { publish } from '../../core/events.js';
import type { ListingSource } from '../listing-source.js';

type RestartPolicy = Pick<ListingSource<unknown>, 'isTokenRejected' | 'onTokenRejected' | 'query'>;

/** What a traversal does about page tokens the service refuses: it fails, or begins the listing anew. */
export class Restarts {
  count = 0;
  /** Between a refusal and the first page of the listing begun anew. */
  isUnderWay = false;
  readonly #policy: RestartPolicy;
  #pagesBefore = 0;
  #farthest = -1;

  constructor(policy: RestartPolicy) {
    this.#policy = policy;
  }

  /** Begins anew after the error of a fetch that was given a token; throws where that is not to be done. */
  begin(error: unknown, pages: number): void {
    const { isTokenRejected, onTokenRejected, query } = this.#policy;
    if (!isTokenRejected?.(error)) throw error;
    // A token that is refused again no farther than the last time would restart for ever.
    const gained = pages - this.#pagesBefore;
    if (onTokenRejected === 'fail' || gained <= this.#farthest) throw tokenRejected(error);
    this.#pagesBefore = pages;
    this.#farthest = gained;
    this.isUnderWay = true;
    this.count++;
    publish('pageturn:restart', () => ({ operation: query.operation, restart: this.count, error }));
  }
}

function tokenRejected(error: unknown): PageturnError {
  const isOurs = error instanceof PageturnError;
  return new PageturnError(
    'ERR_TOKEN_REJECTED',
    "the service refuses the page token: it has expired, or it belongs to another query; begin anew, or pass onTokenRejected: 'restart'",
    { cause: isOurs ? error.cause : error, attempts: isOurs ? error.attempts : undefined },
  );
}
