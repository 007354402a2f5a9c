import { dropRejection } from '../../core/drop-rejection.js';
import { PageturnError } from '../../core/errors.js';

/** A synchronous operator whose callback is async would pass every item, or hand out promises: refuse it by name. */
export function rejectPromise(operator: string, answer: unknown): void {
  if (typeof (answer as PromiseLike<unknown> | null | undefined)?.then !== 'function') return;
  dropRejection(answer);
  throw new PageturnError(
    'ERR_INVALID_ARGUMENT',
    `the callback of ${operator} returned a promise; use mapAsync for asynchronous work`,
  );
}
