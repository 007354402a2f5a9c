import { assertFunction } from './core/assert-function.js';
import { assertKnownOptions } from './core/assert-known-options.js';
import { assertOneOf } from './core/assert-one-of.js';
import { assertWholeNumber } from './core/assert-whole-number.js';
import { checkedPredicate } from './core/checked-predicate.js';
import { type Clock, systemClock } from './core/clock.js';
import type { Query } from './core/cursor.js';
import { invalidArgument } from './core/errors.js';
import type { KeyCallback } from './core/identity.js';
import { isPacer, type Pacer } from './core/pacer.js';
import type { FetchPage, Page } from './core/page.js';
import { queryOf } from './core/query-of.js';
import { createListing } from './listing/create-listing.js';
import type { Listing } from './listing/listing.js';
import { composeSend, type RetryOptions } from './request/compose-send.js';
import { refuseEmptyAnswer } from './request/empty-answer.js';
import { errorInBody } from './request/error-in-body.js';

/** Options of a listing of `T`. */
export interface FromPagesOptions<T> {
  /**
   * What is listed: a name, and the input of the requests. A cursor uses it to refuse a different listing, so pass one if
   * you keep cursors. Default: `{ operation: 'fromPages' }`, which accepts a cursor of any listing without a query.
   */
  readonly query?: { readonly operation: string; readonly input?: object } | undefined;
  /** Items per page: a whole number from 1, passed to the fetch as `call.pageSize`. Default: none. */
  readonly pageSize?: number | undefined;
  /** Aborts every traversal of the listing. */
  readonly signal?: AbortSignal | undefined;
  /** Retries each fetch within these bounds; `false` tries once. Default `{}`. */
  readonly retry?: RetryOptions | false | undefined;
  /** The pacer of every request, such as `adaptivePacer({ ratePerSecond: 5 })`. Default `false`: not paced. */
  readonly pace?: Pacer | false | undefined;
  /** What to do when the service repeats a token: fail with ERR_TOKEN_CYCLE, or treat it as the end. Default `'fail'`. */
  readonly onCycle?: 'fail' | 'stop' | undefined;
  /**
   * What to do when a page was promised and the answer has no items, no token and no total: retry and then fail with
   * ERR_PAGE_INVALID, or treat it as the end. Default `'fail'`.
   */
  readonly onEmptyAnswer?: 'fail' | 'stop' | undefined;
  /**
   * What to do when the service rejects a token: fail with ERR_TOKEN_REJECTED, or start over from the first page, so that
   * items repeat. Default `'fail'`.
   */
  readonly onTokenRejected?: 'fail' | 'restart' | undefined;
  /** Whether an error that the fetch throws means a rejected token. Without it, no token counts as rejected. */
  readonly isTokenRejected?: ((error: unknown) => boolean) | undefined;
  /** The identity of an item, for cursors. Default: its `Id`, `Arn`, `id` or `arn`, or a digest of its content. */
  readonly key?: KeyCallback<T> | undefined;
  /** The clock for every wait. Default: the runtime's. */
  readonly clock?: Clock | undefined;
}

/**
 * Lists any token-paged API, given a function that fetches one page. Nothing is sent until you iterate. Throttles (status
 * 429), server errors and network errors are retried; put the `response` into the errors you throw, so that its status and
 * its `Retry-After` are seen, and the `body` if your service reports a throttle only there, as Google does with a 403. Each
 * page must have a `next`, even if it is undefined.
 *
 * Throws ERR_INVALID_ARGUMENT for bad arguments, at once. Traversals fail with ERR_REQUEST_FAILED, ERR_RETRY_EXHAUSTED,
 * ERR_TOKEN_CYCLE, ERR_TOKEN_REJECTED or ERR_PAGE_INVALID.
 *
 * @example
 * const rows = fromPages(
 *   async (token, { signal }) => {
 *     const response = await fetch(`https://api.example/rows?after=${token ?? ''}`, { signal: signal ?? null });
 *     if (!response.ok) throw Object.assign(new Error('cannot fetch rows'), { response });
 *     const { rows, next } = (await response.json()) as { rows: Row[]; next?: string };
 *     return { items: rows, next };
 *   },
 *   { query: { operation: 'rows' } },
 * );
 */
export function fromPages<T>(fetchPage: FetchPage<T>, options: FromPagesOptions<T> = {}): Listing<T> {
  assertFunction('fetchPage', fetchPage);
  assertKnownOptions('options', options, KNOWN_OPTIONS);
  const {
    query,
    pageSize,
    retry = {},
    pace = false,
    clock = systemClock,
    onEmptyAnswer = 'fail',
    isTokenRejected,
    ...rest
  } = options;
  if (pageSize !== undefined) assertWholeNumber('pageSize', pageSize, 1);
  if (pace !== false && !isPacer(pace)) {
    throw invalidArgument('pace', 'a pacer, such as adaptivePacer({ ratePerSecond: 5 })', pace);
  }
  assertOneOf('onEmptyAnswer', onEmptyAnswer, ['fail', 'stop']);
  const isRejected =
    isTokenRejected === undefined ? undefined : checkedPredicate('isTokenRejected', isTokenRejected);
  const send = composeSend(fetchPage, {
    retry,
    pacer: pace || undefined,
    clock,
    check: checkPage(onEmptyAnswer),
  });
  const { acquire } = send;
  return createListing<T>({
    ...rest,
    fetchPage: send,
    acquire: acquire && ((call) => acquire(undefined, call)),
    query: readQuery(query),
    pageSize,
    isTokenRejected: isRejected && causeIs(isRejected),
    clock,
  });
}

const KNOWN_OPTIONS = [
  'query',
  'pageSize',
  'signal',
  'retry',
  'pace',
  'onCycle',
  'onEmptyAnswer',
  'onTokenRejected',
  'isTokenRejected',
  'key',
  'clock',
];

/** An empty answer is not the end of a listing that promised more. */
function checkPage(onEmptyAnswer: 'fail' | 'stop') {
  return (page: Page<unknown>, token: string | undefined): void => {
    // The listing itself rejects what is not a page.
    if (typeof page !== 'object' || page === null) return;
    if (page.items !== undefined || page.next !== undefined || page.total !== undefined) return;
    refuseEmptyAnswer(errorInBody(page.output ?? page), token !== undefined && onEmptyAnswer === 'fail');
  };
}

function readQuery(query: FromPagesOptions<never>['query']): Query {
  if (query !== undefined) assertKnownOptions('query', query, ['operation', 'input']);
  const { operation = 'fromPages', input } = query ?? {};
  if (typeof operation !== 'string') throw invalidArgument('query.operation', 'a string', operation);
  return queryOf(operation, input, { name: 'query.input' });
}

/** Applies a predicate to the error the caller threw, which is the cause of another by now. */
function causeIs(predicate: (error: unknown) => boolean): (error: unknown) => boolean {
  return (error) => predicate(error instanceof Error && error.cause !== undefined ? error.cause : error);
}
