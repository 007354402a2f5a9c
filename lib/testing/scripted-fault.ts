import type { ScriptedDirectory } from './scripted-directory.js';

/** What happens to one request before or instead of its answer. */
export type ScriptedFault<T> =
  /** A 429 as the AWS SDK throws it; `retryAfterSeconds` becomes its `Retry-After` header. */
  | { readonly kind: 'throttle'; readonly retryAfterSeconds?: number }
  /** A 500 as the AWS SDK throws it. */
  | { readonly kind: 'server-error' }
  /** ECONNRESET. */
  | { readonly kind: 'reset' }
  /** An error that a retry does not fix: `error`, or a 403. */
  | { readonly kind: 'error'; readonly error?: unknown }
  /** The request's token is rejected as expired; a request without a token is served. */
  | { readonly kind: 'expired-token' }
  /** The request is never answered. It ends when its signal aborts, unless it ignores the signal. */
  | { readonly kind: 'hang'; readonly ignoresSignal?: boolean }
  /** The answer takes `latencyMs` on the clock. */
  | { readonly kind: 'latency'; readonly latencyMs: number }
  /** A page without items whose token continues at the same position. */
  | { readonly kind: 'empty-page' }
  /** A page without a list; if more items follow, its token continues at the same position. */
  | { readonly kind: 'missing-list' }
  /** An answer without a list and without a token, whatever follows. */
  | { readonly kind: 'empty-answer' }
  /**
   * The page returns an earlier token, now and whenever it is requested again: its own (distance 1), the previous
   * page's (2), and so on.
   */
  | { readonly kind: 'repeated-token'; readonly distance: number }
  /** The directory changes before the request is answered. */
  | { readonly kind: 'change'; readonly change: (directory: ScriptedDirectory<T>) => void };

/** The name of a kind of fault, such as `throttle`. */
export type ScriptedFaultKind = ScriptedFault<never>['kind'];

/** The same fault for `count` consecutive requests. */
export function faultsFrom<T>(
  first: number,
  count: number,
  fault: ScriptedFault<T>,
): Record<number, ScriptedFault<T>> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [first + index, fault]));
}
