import { assertKnownOptions } from '../core/assert-known-options.js';
import { callbackError } from '../core/callback-error.js';
import { checkedPredicate } from '../core/checked-predicate.js';
import { statusOf } from '../core/error-fields.js';
import { invalidArgument, isPageturnError } from '../core/errors.js';
import { ifReadable } from '../core/if-readable.js';
import { isCredentialError } from '../core/is-credential-error.js';
import { isErrorInBody } from '../request/error-in-body.js';

/** The outcome for one item: a value, or the error that replaces it. */
export type Settled<T, R> =
  | { readonly item: T; readonly value: R; readonly error?: undefined }
  | { readonly item: T; readonly error: Error; readonly value?: undefined };

/** Options of `settled`. */
export interface SettledOptions {
  /** Whether an error concerns this item alone. Default: the service rejected the request itself, such as with a 404. */
  readonly when?: (error: unknown) => boolean;
}

/**
 * Turns failures of single items into values, so that one deleted user does not end a run of 50,000. Everything else
 * still throws: an abort, missing permissions or expired credentials, a retry that gave up, a mistake in `mapper`. A
 * thrown value that is not an Error becomes the `cause` of one.
 *
 * @example
 * const describe = createSender(client, DescribeUserCommand);
 * const described = users.mapAsync(settled(({ Id }, call) => describe({ InstanceId, UserId: Id }, call)));
 * for await (const { item, value, error } of described) console.log(item.Username, value?.User ?? error);
 */
export function settled<T, Call extends { readonly signal?: AbortSignal | undefined }, R>(
  mapper: (item: T, call: Call) => R | PromiseLike<R>,
  options: SettledOptions = {},
): (item: T, call: Call) => Promise<Settled<T, R>> {
  if (typeof mapper !== 'function') throw invalidArgument('mapper', 'a function of an item', mapper);
  assertKnownOptions('options of settled', options, ['when']);
  const isOfItem = options.when === undefined ? isAboutItem : checkedPredicate('when', options.when);
  return async (item, call) => {
    try {
      return { item, value: await mapper(item, call) };
    } catch (error) {
      if (call.signal?.aborted || !isOfItem(error)) throw error;
      return {
        item,
        error: ifReadable(() => error instanceof Error) ? (error as Error) : callbackError(error, 'settled'),
      };
    }
  };
}

function isAboutItem(error: unknown): boolean {
  if (!isPageturnError(error) || error.code !== 'ERR_REQUEST_FAILED') return false;
  const { cause } = error;
  const status = isErrorInBody(cause) ? (cause.status ?? 400) : (statusOf(cause) ?? 0);
  return status >= 400 && status < 500 && !isCredentialError(cause);
}
