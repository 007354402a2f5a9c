import type { Cursor } from './cursor-shape.js';
import { dropRejection } from './drop-rejection.js';
import { ifReadable } from './if-readable.js';
import { quoted } from './quoted.js';
import { escapeUnprintable } from './unprintable.js';

/** The stable codes of {@link PageturnError}. docs/errors.md explains what to do about each. */
export type ErrorCode =
  | 'ERR_INVALID_ARGUMENT'
  | 'ERR_NOT_PAGED'
  | 'ERR_PAGE_INVALID'
  | 'ERR_TOKEN_CYCLE'
  | 'ERR_TOKEN_REJECTED'
  | 'ERR_REQUEST_FAILED'
  | 'ERR_RETRY_EXHAUSTED'
  | 'ERR_CALLBACK_FAILED'
  | 'ERR_CURSOR_MISMATCH'
  | 'ERR_CURSOR_EXHAUSTED'
  | 'ERR_TRAVERSAL_BUSY'
  | 'ERR_CHECKPOINT_LOCKED'
  | 'ERR_FILE_LOCKED'
  | 'ERR_FILE_CHANGED'
  | 'ERR_CHECKPOINT_CORRUPT'
  | 'ERR_CHECKPOINT_IO'
  | 'ERR_PACER_IO'
  | 'ERR_SNAPSHOT_CORRUPT'
  | 'ERR_TOO_MANY_REMOVALS'
  | 'ERR_DESTINATION_FAILED'
  | 'ERR_DESTINATION_FENCED'
  | 'ERR_TOO_MANY_FAILURES'
  | 'ERR_QUEUE_FAILED'
  | 'ERR_AMBIGUOUS_USER'
  | 'ERR_LISTING_INCOMPLETE';

interface ErrorDetails {
  /** The original error: the SDK's exception, or the error of the callback or the file system. */
  readonly cause?: unknown;
  /** Where to resume, if a traversal failed. */
  readonly cursor?: Cursor | undefined;
  /** Requests sent for the page that failed. */
  readonly attempts?: number | undefined;
}

/**
 * Every error that pageturn raises itself. Branch on `code`; `cause` is the original error, such as the service's
 * exception. An aborted traversal throws `signal.reason` instead, unchanged.
 *
 * @example
 * try {
 *   for await (const user of users) await save(user);
 * } catch (error) {
 *   if (error instanceof PageturnError) console.error(error.code, error.cause, error.cursor);
 * }
 */
export class PageturnError extends Error {
  override readonly name = 'PageturnError';
  readonly code: ErrorCode;
  readonly cursor: Cursor | undefined;
  readonly attempts: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    // Like the options of an Error, the details may be null. A message may contain the name of a file.
    const { cause, cursor, attempts } = details ?? {};
    super(escapeUnprintable(`${message}`), cause === undefined ? undefined : { cause });
    this.code = code;
    this.cursor = cursor;
    this.attempts = attempts;
  }
}

/** Whether an error is of pageturn; false for one that cannot be read, such as a revoked proxy. */
export function isPageturnError(error: unknown): error is PageturnError {
  return ifReadable(() => error instanceof PageturnError) ?? false;
}

/** An ERR_INVALID_ARGUMENT whose message names the option, what it must be, and what was received. */
export function invalidArgument(name: string, expected: string, received: unknown): PageturnError {
  dropRejection(received);
  return new PageturnError(
    'ERR_INVALID_ARGUMENT',
    `${name} must be ${expected}, received ${describeValue(received)}`,
  );
}

/** What a value is, for a message; of an object only its class. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  if (typeof value !== 'object' || value === null) return String(value);
  // Not of a class whose name a bundler has shortened.
  const [name = 'object'] = ifReadable(() => /^[A-Z]\w{2,40}$/.exec(value.constructor.name)) ?? [];
  const noun = name === 'Array' || name === 'Object' ? name.toLowerCase() : name;
  return `${/^[aeio]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}
