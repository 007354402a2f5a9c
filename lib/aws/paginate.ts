import { assertKnownOptions } from '../core/assert-known-options.js';
import { assertOneOf } from '../core/assert-one-of.js';
import type { KeyCallback } from '../core/identity.js';
import { type CreateListingOptions, createListing } from '../listing/create-listing.js';
import type { Listing } from '../listing/listing.js';
import { checkAnswer } from './check-answer.js';
import type { CommandClass, FittingClient, InputOf, OnlyListOf, OutputOf, TokenNamesOf } from './command.js';
import { commandOf } from './command-of.js';
import { createFetchPage } from './create-fetch-page.js';
import { assertClient, createSend, SEND_OPTIONS, type SendOptions } from './create-send.js';
import { isTokenRejected } from './is-token-rejected.js';
import type { At, ElementOf, FlagPathOf, ListPathOf, PathOf } from './path-types.js';
import { queryOfInput } from './query-of-input.js';
import { type PagingNames, resolvePaging } from './resolve-paging.js';
import { splitInput } from './split-input.js';

/** Options of a listing of `T`. */
export interface PaginateOptions<T> extends SendOptions {
  /** Items per page: a whole number from 1 up to the service's own limit. Default: the service's. */
  readonly pageSize?: number | undefined;
  /** Aborts every traversal of the listing. */
  readonly signal?: AbortSignal | undefined;
  /** What to do when the service repeats a token: fail with ERR_TOKEN_CYCLE, or treat it as the end. Default `'fail'`. */
  readonly onCycle?: 'fail' | 'stop' | undefined;
  /**
   * What to do when a page was promised and the answer is empty (no member of the output): retry and then fail with
   * ERR_PAGE_INVALID, or treat it as the end. Default `'fail'`.
   */
  readonly onEmptyAnswer?: 'fail' | 'stop' | undefined;
  /**
   * What to do when the service rejects a token: fail with ERR_TOKEN_REJECTED, or start over from the first page, so that
   * items repeat. Default `'fail'`.
   */
  readonly onTokenRejected?: 'fail' | 'restart' | undefined;
  /** The identity of an item, for cursors. Default: its `Id`, `Arn`, `id` or `arn`, or a digest of its content. */
  readonly key?: KeyCallback<T> | undefined;
}

/**
 * How an operation is paged, for commands where it cannot be inferred. Outputs are described by paths:
 * `NextToken`, `DistributionList.NextMarker` in a structure, `Contents[-1].Key` for a member of the last item.
 */
export interface PagingOptions<C extends CommandClass> {
  /** The name of the page token in the input, or all of them if the token has several parts. */
  readonly token?: InputKeyOf<C> | readonly InputKeyOf<C>[] | undefined;
  /**
   * The path of the next token, or a path for each part of it, or a function that returns the token (an array if it has
   * several parts, undefined at the end). Tokens may be strings, numbers, dates, bytes and plain objects of these.
   */
  readonly next?:
    | PathOf<OutputOf<C>>
    | readonly PathOf<OutputOf<C>>[]
    | ((output: OutputOf<C>) => unknown)
    | undefined;
  /** The path of the service's own flag that there are more pages. False is the end, whatever the token. */
  readonly more?: FlagPathOf<OutputOf<C>> | undefined;
  /** The name of the page size in the input. */
  readonly pageSizeKey?: InputKeyOf<C> | undefined;
  /** The names of input members that the service refuses together with a token: they are sent with the first page only. */
  readonly firstPageOnly?: readonly InputKeyOf<C>[] | undefined;
}

type InputKeyOf<C extends CommandClass> = string & keyof InputOf<C>;

/** The path of a list in the output, or a function that returns the items if they are nested deeper. */
export type ItemsOf<O> = ListPathOf<O> | ((output: O) => readonly unknown[] | null | undefined);

/** The type of the items, by the `items` chosen. */
export type ItemOf<O, S> = S extends string
  ? ElementOf<At<O, S>>
  : S extends (output: never) => infer R
    ? ElementOf<R>
    : never;

/** A command whose types alone show how it is paged: a token with known names and a single list. */
export type PlainlyPaged<C extends CommandClass> = [TokenNamesOf<C>] extends [never]
  ? { readonly problem: 'this operation has no known page token: is it paged?' }
  : [OnlyListOf<C>] extends [never]
    ? { readonly problem: 'the output does not have exactly one list: pass the option `items`' }
    : unknown;

/** The items that were chosen, or the only list of the output. */
type ChosenOf<C extends CommandClass, S> = IsChosen<C, S> extends true ? S : OnlyListOf<C>;

/** The listing; without chosen items, of a command that its types do not show how to page, what is missing. */
type ListingOf<C extends CommandClass, S> =
  IsChosen<C, S> extends true
    ? Listing<ItemOf<OutputOf<C>, S>>
    : unknown extends PlainlyPaged<C>
      ? Listing<ItemOf<OutputOf<C>, OnlyListOf<C>>>
      : PlainlyPaged<C>;

/** Whether the items were chosen: otherwise the compiler takes every possible choice for `S`. */
type IsChosen<C extends CommandClass, S> = [ItemsOf<OutputOf<C>>] extends [S] ? false : true;

/** Token names are required if none are known. */
type TokenChoice<C extends CommandClass> = [TokenNamesOf<C>] extends [never]
  ? PagingOptions<C> & Required<Pick<PagingOptions<C>, 'token' | 'next'>>
  : PagingOptions<C>;

/**
 * Lists the items of any paged command of any AWS SDK v3 client. Nothing is sent until you iterate. The input is copied,
 * so that changing it later changes no listing; leave the page token out, and pass the page size in the input or as `pageSize`. If
 * the output has no list or more than one, name it with `items`.
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
export function paginate<C extends CommandClass, K>(
  client: FittingClient<K, C>,
  command: C & PlainlyPaged<C>,
  input: InputOf<C>,
): Listing<ItemOf<OutputOf<C>, OnlyListOf<C>>>;
// The signatures differ in their number of parameters, because the compiler prints three lines about a wrong client if
// more than one signature could have been meant.
export function paginate<C extends CommandClass, K, S extends ItemsOf<OutputOf<C>>>(
  client: FittingClient<K, C>,
  command: C,
  input: InputOf<C>,
  options:
    | ({ readonly items?: S } & PaginateOptions<ItemOf<OutputOf<C>, ChosenOf<C, S>>> &
        (IsChosen<C, S> extends true ? TokenChoice<C> : PagingOptions<C>))
    | undefined,
): ListingOf<C, S>;
export function paginate(
  client: unknown,
  command: unknown,
  input: object,
  options?: UntypedOptions,
): Listing<never> {
  return createListing<never>(commandSource(client, command, input, options));
}

type UntypedOptions = PaginateOptions<never> & PagingNames;

/** What a listing of a command reads from, for listings that do more with its pages. */
export function commandSource(
  client: unknown,
  command: unknown,
  input: object,
  options: UntypedOptions = {},
): CreateListingOptions<never> {
  assertClient(client);
  assertKnownOptions('options', options, PAGINATE_OPTIONS);
  const { operation, quirk, shape, build } = commandOf(client, command, input);
  const paging = resolvePaging(operation, shape, options, quirk);
  const { query, pageSize } = splitInput(operation, paging, input, options.pageSize);
  const { key, onCycle, onEmptyAnswer = 'fail', onTokenRejected, signal, clock } = options;
  const { retry, pace, pacers } = options;
  assertOneOf('onEmptyAnswer', onEmptyAnswer, ['fail', 'stop']);
  const check = checkAnswer({
    shape,
    isPromised: (request) =>
      onEmptyAnswer === 'fail' &&
      paging.tokenKeys.some((key) => (request as Record<string, unknown>)[key] !== undefined),
  });
  const send = createSend<object, unknown>(client, operation, build, options, check);
  const { acquire } = send;
  return {
    fetchPage: createFetchPage<never>({ send, operation, paging, input: query }),
    acquire: acquire && ((call) => acquire(query, call)),
    query: queryOfInput(operation, input, paging),
    isTokenRejected: (error) =>
      paging.tokenKeys.some((tokenKey) => isTokenRejected(error, { operation, tokenKey })),
    pageSize,
    key,
    onCycle,
    onTokenRejected,
    signal,
    clock,
    origin: { client, operation, input: query, sending: { retry, pace, pacers, clock } },
  };
}

/** The names of all options of `paginate`. */
export const PAGINATE_OPTIONS = [
  ...SEND_OPTIONS,
  'pageSize',
  'signal',
  'onCycle',
  'onEmptyAnswer',
  'onTokenRejected',
  'key',
  'items',
  'token',
  'next',
  'more',
  'pageSizeKey',
  'firstPageOnly',
];
