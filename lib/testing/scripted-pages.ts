import { type Clock, systemClock } from '../core/clock.js';
import { invalidArgument } from '../core/errors.js';
import type { FetchPage, Page, PageCall } from '../core/page.js';
import { createDirectory, type ScriptedDirectory } from './scripted-directory.js';
import type { ScriptedFault, ScriptedFaultKind } from './scripted-fault.js';
import { ScriptedTokens, type TokenPlace } from './scripted-tokens.js';
import { errorOf, ScriptedServiceError, tokenRefused } from './service-error.js';

export interface ScriptedPagesOptions<T> {
  /** What the service lists, in this order. */
  readonly items: readonly T[];
  /** Items to a page where a request names no other number; a whole number from 1. Default 10. */
  readonly pageSize?: number;
  /** What happens to which request; requests are counted from 1 over all walks. Default: nothing. */
  readonly faults?: Readonly<Record<number, ScriptedFault<T>>>;
  /** What stands in the place of a token on the last page: undefined (the default), null or ''. */
  readonly lastToken?: null | '' | undefined;
  /** Whether the last items come with a token that leads to an empty page. Default false. */
  readonly emptyLastPage?: boolean;
  /**
   * Requests after which the service refuses to go on, so that a pager in a loop comes to an end: with an error, and
   * after as many again with a last page. A whole number from 1. Default 1,000.
   */
  readonly maxRequests?: number;
  /** Time for latency. Default: the system's. */
  readonly clock?: Clock;
}

export interface ScriptedRequest {
  /** Counted from 1. */
  readonly number: number;
  readonly token: string | undefined;
  /** The page size asked for; undefined where the request left it to the service. */
  readonly pageSize: number | undefined;
  /**
   * What came of it: `page`, or the fault of the script; `refused` for a token nobody gave and beyond `maxRequests`,
   * undefined where it hangs.
   */
  readonly answer: 'page' | ScriptedFaultKind | 'refused' | undefined;
  /** Whether its signal aborted before it had its answer. */
  readonly aborted: boolean;
}

export interface ScriptedPages<T> {
  readonly fetchPage: FetchPage<T>;
  /** Every request so far, in the order they came. */
  readonly requests: readonly ScriptedRequest[];
  readonly directory: ScriptedDirectory<T>;
  /** Whether more requests came than `maxRequests`. */
  readonly overrun: boolean;
}

/**
 * A paged service that follows a script: the same requests get the same answers, and nothing takes time. Its tokens
 * are opaque and stable; a token it did not give is refused.
 *
 * @example
 * const service = scriptedPages({ items: users, pageSize: 10, faults: { 2: { kind: 'throttle' } } });
 * const all = await fromPages(service.fetchPage).toArray();
 * service.requests.length; // one more than there are pages
 */
export function scriptedPages<T>(options: ScriptedPagesOptions<T>): ScriptedPages<T> {
  const { items, pageSize = 10, faults = {}, lastToken, emptyLastPage = false } = options;
  const { maxRequests = 1_000, clock = systemClock } = options;
  assertCount('pageSize', pageSize);
  assertCount('maxRequests', maxRequests);

  const directory = createDirectory(items);
  const tokens = new ScriptedTokens<T>();
  const beginning: TokenPlace<T> = { after: directory.start, emptyPages: 0 };
  /** The tokens pages were had at, in the order they came; and what was promised to be repeated. */
  const visited: (string | undefined)[] = [];
  const repeated = new Map<string | undefined, string>();
  const requests: LoggedRequest[] = [];

  const fetchPage: FetchPage<T> = async (token, call) => {
    call.signal?.throwIfAborted();
    const request: LoggedRequest = {
      number: requests.length + 1,
      token,
      pageSize: call.pageSize,
      answer: undefined,
      aborted: false,
    };
    requests.push(request);
    const onAbort = () => {
      request.aborted = true;
    };
    call.signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await answer(request, call);
    } finally {
      call.signal?.removeEventListener('abort', onAbort);
    }
  };

  const answer = async (request: LoggedRequest, { signal }: PageCall): Promise<Page<T>> => {
    const place = request.token === undefined ? beginning : tokens.placeOf(request.token);
    if (request.number > 2 * maxRequests) return { items: [], next: undefined };
    if (request.number > maxRequests) {
      request.answer = 'refused';
      throw new ScriptedServiceError(400, 'TooManyScriptedRequests', `more than ${maxRequests} requests`);
    }
    if (!place) {
      request.answer = 'refused';
      throw tokenRefused('the service did not give it');
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
        if (request.token !== undefined) throw tokenRefused('it has expired');
        break;
      case 'hang':
        return hang(fault.deaf ? undefined : signal);
      case 'latency':
        await clock.sleep(fault.latencyMs, signal);
        break;
      case 'change':
        fault.change(directory);
    }
    return read(place, request, fault);
  };

  const read = (
    place: TokenPlace<T>,
    request: LoggedRequest,
    fault: ScriptedFault<T> | undefined,
  ): Page<T> => {
    const { token } = request;
    const again = () => tokens.tokenOf({ ...place, emptyPages: place.emptyPages + 1 });
    const { items: page, last, more } = directory.read(place.after, request.pageSize ?? pageSize);
    if (fault?.kind === 'empty-page') return { items: [], next: again() };
    if (fault?.kind === 'missing-list') return withoutList(page.length > 0 ? again() : lastToken);
    visited.push(token);
    if (fault?.kind === 'repeated-token') {
      const earlier = visited[visited.length - fault.distance];
      if (earlier === undefined)
        throw invalidArgument('distance', 'to a page that had a token', fault.distance);
      repeated.set(token, earlier);
    }
    const goesOn = more || (emptyLastPage && page.length > 0);
    const onward = goesOn ? tokens.tokenOf({ after: last, emptyPages: 0 }) : lastToken;
    return { items: page, next: repeated.get(token) ?? onward };
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

type LoggedRequest = { -readonly [K in keyof ScriptedRequest]: ScriptedRequest[K] };

function hang(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** What a service sends that leaves the list out; no page by its type, and real all the same. */
function withoutList<T>(next: string | null | undefined): Page<T> {
  const page: Partial<Page<T>> = { next };
  return page as Page<T>;
}

function assertCount(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) throw invalidArgument(name, 'a whole number from 1', value);
}
