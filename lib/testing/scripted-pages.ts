import { assertBoolean } from '../core/assert-boolean.js';
import { assertClock } from '../core/assert-clock.js';
import { assertKnownOptions } from '../core/assert-known-options.js';
import { type Clock, systemClock } from '../core/clock.js';
import { invalidArgument } from '../core/errors.js';
import type { FetchPage, Page, PageCall } from '../core/page.js';
import { assertFaults } from './assert-faults.js';
import { createDirectory, type ScriptedDirectory } from './scripted-directory.js';
import type { ScriptedFault } from './scripted-fault.js';
import { type LoggedRequest, logRequest, type ScriptedRequest } from './scripted-request.js';
import { errorOf, ScriptedServiceError, tokenRejected } from './scripted-service-error.js';
import { ScriptedTokens, type TokenPosition } from './scripted-tokens.js';

/** Options of `scriptedPages`. */
export interface ScriptedPagesOptions<T> {
  /** The items of the service, in order. */
  readonly items: readonly T[];
  /** Items per page unless a request asks for another size; at least 1. Default: 10. */
  readonly pageSize?: number;
  /** Faults by request number, counted from 1 over all walks. Default: none. */
  readonly faults?: Readonly<Record<number, ScriptedFault<T>>>;
  /** The token of the last page: undefined (the default), null or ''. */
  readonly lastToken?: null | '' | undefined;
  /** Whether the last items come with a token for one more, empty page. Default: false. */
  readonly emptyLastPage?: boolean;
  /**
   * Stops a pager that loops: later requests fail, and after twice as many the service answers with a last page. At least
   * 1. Default: 1,000.
   */
  readonly maxRequests?: number;
  /** The clock for latency. Default: the system clock. */
  readonly clock?: Clock;
}

/** A scripted service, as `scriptedPages` makes it. */
export interface ScriptedPages<T> {
  readonly fetchPage: FetchPage<T>;
  /** All requests so far, in order. */
  readonly requests: readonly ScriptedRequest[];
  readonly directory: ScriptedDirectory<T>;
  /** Whether there were more than `maxRequests` requests. */
  readonly overrun: boolean;
}

/**
 * A paged service that follows a script: the same requests get the same answers, without delay. Its tokens are opaque
 * and stable; it rejects unknown ones. Throws ERR_INVALID_ARGUMENT for a script that it cannot follow.
 *
 * @example
 * const service = scriptedPages({ items: users, pageSize: 10, faults: { 2: { kind: 'throttle' } } });
 * const all = await fromPages(service.fetchPage).toArray();
 * service.requests.length; // one more than there are pages
 */
export function scriptedPages<T>(options: ScriptedPagesOptions<T>): ScriptedPages<T> {
  assertKnownOptions('options', options, KNOWN_OPTIONS);
  const { items, pageSize = 10, faults = {}, lastToken, emptyLastPage = false } = options;
  const { maxRequests = 1_000, clock = systemClock } = options;
  assertCount('pageSize', pageSize);
  assertCount('maxRequests', maxRequests);
  if (!Array.isArray(items)) throw invalidArgument('items', 'an array', items);
  if (lastToken !== undefined && lastToken !== null && lastToken !== '') {
    throw invalidArgument('lastToken', "undefined, null or ''", lastToken);
  }
  assertBoolean('emptyLastPage', emptyLastPage);
  assertClock(clock);
  assertFaults(faults);

  const directory = createDirectory(items);
  const tokens = new ScriptedTokens<T>();
  const start: TokenPosition<T> = { after: directory.start, emptyPages: 0 };
  /** The tokens of the pages served so far, in order. */
  const served: (string | undefined)[] = [];
  /** By request token: the earlier token that its page repeats. */
  const repeated = new Map<string | undefined, string>();
  const requests: LoggedRequest[] = [];

  const fetchPage: FetchPage<T> = async (token, call) =>
    logRequest(requests, token, call, (request) => answer(request, call));

  const answer = async (request: LoggedRequest, { signal }: PageCall): Promise<Page<T>> => {
    const position = request.token === undefined ? start : tokens.positionOf(request.token);
    if (request.number > 2 * maxRequests) return { items: [], next: undefined };
    if (request.number > maxRequests) {
      request.answer = 'rejected';
      throw new ScriptedServiceError(400, 'TooManyScriptedRequests', `more than ${maxRequests} requests`);
    }
    if (!position) {
      request.answer = 'rejected';
      throw tokenRejected('it was not issued by this service');
    }
    const fault = faults[request.number];
    request.answer = fault?.kind === 'hang' ? undefined : (fault?.kind ?? 'page');
    switch (fault?.kind) {
      case 'throttle':
      case 'server-error':
      case 'reset':
      case 'error':
        throw errorOf(fault);
      case 'expired-token':
        if (request.token !== undefined) throw tokenRejected('it has expired');
        break;
      case 'hang':
        return hang(fault.ignoresSignal ? undefined : signal);
      case 'latency':
        await clock.sleep(fault.latencyMs, signal);
        break;
      case 'change':
        fault.change(directory);
    }
    return read(position, request, fault);
  };

  const read = (
    position: TokenPosition<T>,
    request: LoggedRequest,
    fault: ScriptedFault<T> | undefined,
  ): Page<T> => {
    const { token } = request;
    const samePosition = () => tokens.tokenOf({ ...position, emptyPages: position.emptyPages + 1 });
    const { items: page, last, more } = directory.read(position.after, request.pageSize ?? pageSize);
    if (fault?.kind === 'empty-page') return { items: [], next: samePosition() };
    if (fault?.kind === 'empty-answer') return withoutList(undefined);
    if (fault?.kind === 'missing-list') return withoutList(page.length > 0 ? samePosition() : lastToken);
    served.push(token);
    if (fault?.kind === 'repeated-token') {
      const earlier = served[served.length - fault.distance];
      if (earlier === undefined)
        throw invalidArgument('distance', 'the distance to a page requested with a token', fault.distance);
      repeated.set(token, earlier);
    }
    const hasNext = more || (emptyLastPage && page.length > 0);
    const next = hasNext ? tokens.tokenOf({ after: last, emptyPages: 0 }) : lastToken;
    return { items: page, next: repeated.get(token) ?? next };
  };

  return {
    fetchPage,
    requests,
    directory,
    get overrun() {
      return requests.length > maxRequests;
    },
  };
}

const KNOWN_OPTIONS = [
  'items',
  'pageSize',
  'faults',
  'lastToken',
  'emptyLastPage',
  'maxRequests',
  'clock',
] as const satisfies readonly (keyof ScriptedPagesOptions<unknown>)[];

function hang(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** The answer of a service that omits an empty list: not a page by its type, but real services send it. */
function withoutList<T>(next: string | null | undefined): Page<T> {
  const page: Partial<Page<T>> = { next };
  return page as Page<T>;
}

function assertCount(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1)
    throw invalidArgument(name, 'a whole number of at least 1', value);
}
