import { assertKnownOptions } from '../core/assert-known-options.js';
import { invalidArgument } from '../core/errors.js';
import { queryOf } from '../core/query-of.js';
import { createListing } from '../listing/create-listing.js';
import type { Listing } from '../listing/listing.js';
import type {
  ClientOf,
  CommandClass,
  InputOf,
  ListKeyOf,
  OnlyListKeyOf,
  OutputOf,
  TokenNamesOf,
} from './command.js';
import { commandOf } from './command-of.js';
import { createFetchPage } from './create-fetch-page.js';
import { assertClient, createSend, SEND_OPTIONS, type SendOptions } from './create-send.js';
import { type Paging, type PagingNames, resolvePaging } from './resolve-paging.js';
import { isTokenRejected } from './token-rejected.js';

/** How a listing of `T` is walked; every option may be left out. */
export interface PaginateOptions<T> extends SendOptions {
  /** Items to ask for per page; a whole number from 1, the service knows the upper bound. Default: the service's own. */
  readonly pageSize?: number | undefined;
  /** Aborts every traversal of the listing. */
  readonly signal?: AbortSignal | undefined;
  /** What to do about a token the service gives a second time: end in ERR_TOKEN_CYCLE, or take it for the end. Default `'fail'`. */
  readonly onCycle?: 'fail' | 'stop' | undefined;
  /** What to do about a token the service refuses: end in ERR_TOKEN_REJECTED, or begin anew, so that items come again. Default `'fail'`. */
  readonly onTokenRejected?: 'fail' | 'restart' | undefined;
  /** The identity of an item, for cursors. Default: its `Id`, `Arn`, `id` or `arn`, or a digest of it. */
  readonly key?: ((item: T) => string) | undefined;
}

/** Names that are inferred unless given. */
export interface PagingOptions<C extends CommandClass> {
  /** The input's name for the page token, and the output's for the next one (or a function from the output to it). */
  readonly token?: (string & keyof InputOf<C>) | undefined;
  readonly next?: (string & keyof OutputOf<C>) | ((output: OutputOf<C>) => unknown) | undefined;
  /** The input's name for the page size. */
  readonly pageSizeKey?: (string & keyof InputOf<C>) | undefined;
}

/** A list of the output by name, or a function to the items where they are nested. */
export type ItemsOf<O> = ListKeyOf<O> | ((output: O) => readonly unknown[] | null | undefined);

/** What a listing yields, by the `items` chosen. */
export type ItemOf<O, S> = S extends keyof O
  ? ElementOf<O[S]>
  : S extends (output: never) => infer R
    ? ElementOf<R>
    : never;

type ElementOf<L> = NonNullable<L> extends readonly (infer T)[] ? T : never;

/** A command whose paging is plain from its types: one known pair of token names, one list in the output. */
type PlainlyPaged<C extends CommandClass> = [TokenNamesOf<C>] extends [never]
  ? { readonly problem: 'this operation has no page token known by name: is it paged?' }
  : [OnlyListKeyOf<OutputOf<C>>] extends [never]
    ? { readonly problem: 'the output has none or several lists: pass the option `items`' }
    : unknown;

/** Token names are a must where none are known. */
type TokenChoice<C extends CommandClass> = [TokenNamesOf<C>] extends [never]
  ? PagingOptions<C> & Required<Pick<PagingOptions<C>, 'token' | 'next'>>
  : PagingOptions<C>;

/**
 * Any paged command of any AWS SDK v3 client as a listing of its items. Nothing is sent before somebody iterates. The
 * input is copied, at its top level, and never written to; leave the page token out of it, and give the page size there or as
 * `pageSize`. Where the output has none or several lists, `items` names the one that is meant.
 *
 * Throws ERR_INVALID_ARGUMENT for bad arguments and ERR_NOT_PAGED for a command that is not paged, at once. Traversals
 * fail with ERR_REQUEST_FAILED, ERR_RETRY_EXHAUSTED, ERR_TOKEN_REJECTED, ERR_TOKEN_CYCLE or ERR_PAGE_INVALID.
 *
 * @example
 * const queues = paginate(client, ListQueuesCommand, { InstanceId });
 * for await (const queue of queues) console.log(queue.Name);
 *
 * const objects = paginate(s3, ListObjectsV2Command, { Bucket }, { items: 'Contents' });
 */
export function paginate<C extends CommandClass>(
  client: ClientOf<C>,
  command: C & PlainlyPaged<C>,
  input: InputOf<C>,
  options?: PaginateOptions<ItemOf<OutputOf<C>, OnlyListKeyOf<OutputOf<C>>>> &
    PagingOptions<C> & { readonly items?: undefined },
): Listing<ItemOf<OutputOf<C>, OnlyListKeyOf<OutputOf<C>>>>;
export function paginate<C extends CommandClass, S extends ItemsOf<OutputOf<C>>>(
  client: ClientOf<C>,
  command: C,
  input: InputOf<C>,
  options: { readonly items: S } & PaginateOptions<ItemOf<OutputOf<C>, S>> & TokenChoice<C>,
): Listing<ItemOf<OutputOf<C>, S>>;
export function paginate(
  client: unknown,
  command: unknown,
  input: object,
  options: PaginateOptions<never> & PagingNames = {},
): Listing<never> {
  assertClient(client);
  assertKnownOptions('options', options, KNOWN_OPTIONS);
  const { operation, shape, build } = commandOf(client, command, input);
  const paging = resolvePaging(operation, shape, options);
  const { query, pageSize } = splitInput(operation, paging, input, options.pageSize);
  const send = createSend<object, unknown>(client, operation, build, options);
  const { key, onCycle, onTokenRejected, signal, clock } = options;
  return createListing<never>({
    fetchPage: createFetchPage<never>({ send, operation, paging, input: query, pageSize }),
    query: queryOf(operation, query),
    isTokenRejected: (error) => isTokenRejected(error, paging.tokenKey),
    pageSize,
    key,
    onCycle,
    onTokenRejected,
    signal,
    clock,
  });
}

const KNOWN_OPTIONS = [
  ...SEND_OPTIONS,
  'pageSize',
  'signal',
  'onCycle',
  'onTokenRejected',
  'key',
  'items',
  'token',
  'next',
  'pageSizeKey',
];

/** The input without its token, which must not be there, and its page size, which is no part of the query. */
function splitInput(operation: string, { tokenKey, pageSizeKey }: Paging, input: object, wanted?: number) {
  const query: Record<string, unknown> = { ...input };
  if (query[tokenKey] !== undefined) {
    // Beginning in the middle would end as if that were all; and the SDK's paginators leave a token behind.
    throw invalidArgument(
      `input.${tokenKey}`,
      'left out: to begin elsewhere, open the listing at a cursor',
      'a token',
    );
  }
  const pageSize: unknown = wanted ?? (pageSizeKey === undefined ? undefined : query[pageSizeKey]);
  if (pageSizeKey !== undefined) delete query[pageSizeKey];
  else if (wanted !== undefined)
    throw invalidArgument('pageSize', `left out: ${operation} takes none`, wanted);
  if (pageSize !== undefined && !(Number.isSafeInteger(pageSize) && (pageSize as number) >= 1)) {
    throw invalidArgument('pageSize', 'a whole number from 1', pageSize);
  }
  return { query, pageSize: pageSize as number | undefined };
}
