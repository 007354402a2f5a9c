import type { Cursor } from '../../core/cursor.js';
import { errorName } from '../../core/error-name.js';
import { isPageturnError, PageturnError } from '../../core/errors.js';

/**
 * Why a traversal ended.
 * - `exhausted`: the last page was delivered to its last item; the only end that means "that was all".
 * - `limit`: a `take` or `takeWhile` was satisfied; the cursor points to the rest.
 * - `partial`: parts of the listing failed, such as one of several instances, and the rest was delivered; `error` says
 *   which, and the cursor continues with those.
 * - `stopped`: the consumer left (`break`, a throw in the loop body, `return()`).
 * - `aborted`: a signal aborted; `cause` is its reason.
 * - `failed`: `error` says why (`cause`, if a checkpoint store threw its own error); calling `next()` again tries
 *   the same page again.
 */
export interface TraversalEnd {
  readonly reason: 'exhausted' | 'limit' | 'partial' | 'stopped' | 'aborted' | 'failed';
  readonly cause?: unknown;
  readonly error?: PageturnError;
  /** How often the listing started over because the service rejected a token; above 0, items came twice. */
  readonly restarts: number;
}

/** The error a traversal fails with: what happened, and where to resume. */
export function failureAt(cursor: Cursor | undefined, error: unknown): PageturnError {
  if (!isPageturnError(error)) {
    return new PageturnError('ERR_REQUEST_FAILED', `a page could not be fetched: ${errorName(error)}`, {
      cause: error,
      cursor,
    });
  }
  const { code, message, cause, attempts } = error;
  return new PageturnError(code, message, { cause, attempts, cursor });
}
