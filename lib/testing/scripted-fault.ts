import type { ScriptedDirectory } from './scripted-directory.js';

/** What happens to one request instead of, or before, its answer. */
export type ScriptedFault<T> =
  /** 429, as the AWS SDK gives it; `retryAfterSeconds` goes into its `Retry-After` header. */
  | { readonly kind: 'throttle'; readonly retryAfterSeconds?: number }
  /** 500, as the AWS SDK gives it. */
  | { readonly kind: 'server-error' }
  /** ECONNRESET. */
  | { readonly kind: 'reset' }
  /** An error that trying again does not mend: `error`, or a 403. */
  | { readonly kind: 'error'; readonly error?: unknown }
  /** The service refuses the token of the request; a request without one it serves. */
  | { readonly kind: 'expired-token' }
  /** No answer ever. The request ends when its signal aborts; a deaf one heeds not even that. */
  | { readonly kind: 'hang'; readonly deaf?: boolean }
  /** The answer takes so many milliseconds of the clock. */
  | { readonly kind: 'latency'; readonly latencyMs: number }
  /** No items, and a token that goes on in the same place. */
  | { readonly kind: 'empty-page' }
  /** No list; a token that goes on in the same place, if there is anything to come. */
  | { readonly kind: 'missing-list' }
  /**
   * The page gives a token that was used before, now and whenever it is asked for again: its own (distance 1), that of
   * the page before (2), and so on.
   */
  | { readonly kind: 'repeated-token'; readonly distance: number }
  /** The directory changes, then the request is answered. */
  | { readonly kind: 'change'; readonly change: (directory: ScriptedDirectory<T>) => void };

export type ScriptedFaultKind = ScriptedFault<never>['kind'];

/** The same fault for so many requests in a row, by their numbers. */
export function faultsFrom<T>(
  first: number,
  count: number,
  fault: ScriptedFault<T>,
): Record<number, ScriptedFault<T>> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [first + index, fault]));
}
