import type { Cursor } from './cursor-shape.js';
import { dropRejection } from './drop-rejection.js';

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

  constructor(code: ErrorCode, message: string, { cause, cursor, attempts }: ErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.cursor = cursor;
    this.attempts = attempts;
  }
}

/** An ERR_INVALID_ARGUMENT whose message names the option, what it must be, and what was received. */
export function invalidArgument(name: string, expected: string, received: unknown): PageturnError {
  dropRejection(received);
  return new PageturnError(
    'ERR_INVALID_ARGUMENT',
    `${name} must be ${expected}, received ${describe(received)}`,
  );
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}
