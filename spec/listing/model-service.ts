import { expect } from 'vitest';
import type { FetchPage, PageCall } from '../../lib/core/page.js';
import { type CreateListingOptions, createListing } from '../../lib/listing/create-listing.js';
import type { Listing } from '../../lib/listing/listing.js';

export interface Person {
  readonly id: string;
  readonly name: string;
}

/** What a request does instead of answering with its page. */
export type Fault = (
  page: () => ReturnType<FetchPage<Person>>,
  call: PageCall,
) => ReturnType<FetchPage<Person>>;

/** A service that lists people in the order of their names. Its tokens are names: a page starts after that name. */
export interface ModelService {
  readonly people: Person[];
  readonly requests: (string | undefined)[];
  readonly signals: (AbortSignal | undefined)[];
  /** Faults of requests, by the number of the request, counted from 0. */
  readonly faults: Map<number, Fault>;
  readonly fetchPage: FetchPage<Person>;
  listing(options?: Partial<CreateListingOptions<Person>>): Listing<Person>;
}

export function modelService(count: number, pageSize = 3): ModelService {
  const people = Array.from({ length: count }, (_, i) => person(i));
  const requests: (string | undefined)[] = [];
  const signals: (AbortSignal | undefined)[] = [];
  const faults = new Map<number, Fault>();
  const answer: FetchPage<Person> = async (token, call) => {
    const rest = [...people]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .filter(({ name }) => token === undefined || name > token);
    const items = rest.slice(0, call.pageSize ?? pageSize);
    return { items, next: rest.length > items.length ? (items.at(-1)?.name ?? token) : undefined };
  };
  const fetchPage: FetchPage<Person> = (token, call) => {
    const fault = faults.get(requests.length);
    requests.push(token);
    signals.push(call.signal);
    return fault ? fault(() => answer(token, call), call) : answer(token, call);
  };
  return {
    people,
    requests,
    signals,
    faults,
    fetchPage,
    listing: (options) =>
      createListing<Person>({
        fetchPage,
        query: { operation: 'ListPeople', input: {} },
        pageSize,
        ...options,
      }),
  };
}

function person(i: number): Person {
  return { id: `p${i}`, name: `name-${String(i).padStart(4, '0')}` };
}

export const fail =
  (message = 'it broke'): Fault =>
  () =>
    Promise.reject(new Error(message));

/** Never answers; rejects when its signal aborts. */
export const hang: Fault = (_page, { signal }) =>
  new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));

/** Never answers, and ignores its signal. */
export const ignore: Fault = () => new Promise(() => {});

export const ids = (people: readonly Person[]): string[] => people.map(({ id }) => id);

/** How a consumer leaves its loop while p4 is the current item. */
export const LEAVINGS: readonly [string, (walk: AsyncIterable<Person>) => Promise<void>][] = [
  [
    'break',
    async (walk) => {
      for await (const { id } of walk) if (id === 'p4') break;
    },
  ],
  [
    'a throw in the loop body',
    async (walk) => {
      const read = async () => {
        for await (const { id } of walk) if (id === 'p4') throw new Error('mine');
      };
      await expect(read()).rejects.toThrow('mine');
    },
  ],
];

/** An iterable that throws when it is closed. */
export function stubborn<T>(values: readonly T[]): Iterable<T> {
  return {
    [Symbol.iterator]: () => {
      const rest = values.values();
      return {
        next: () => rest.next(),
        return: () => {
          throw new Error('not me');
        },
      };
    },
  };
}
