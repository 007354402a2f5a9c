import { PageturnError } from '../core/errors.js';
import type { ErrorInBody } from './error-in-body.js';

/**
 * Thrown inside an attempt whose answer is empty although a page was promised. It is retried like a lost connection,
 * and becomes ERR_PAGE_INVALID when the retries end.
 */
export class EmptyAnswer extends Error {
  override readonly name = 'EmptyAnswer';
  // How the SDK marks an error as worth another attempt.
  readonly $retryable = {};
}

/**
 * Throws for an answer without any part of a page: the error that it describes, or {@link EmptyAnswer} if a page was
 * promised.
 */
export function refuseEmptyAnswer(error: ErrorInBody | undefined, isPromised: boolean): void {
  if (error && (isPromised || error.isCertain)) throw error;
  if (isPromised) throw new EmptyAnswer('no answer');
}

/** ERR_PAGE_INVALID: a page was promised, and no attempt returned one. */
export function emptyAnswer(
  operation: string | undefined,
  attempts: number,
  cause: EmptyAnswer,
): PageturnError {
  const message = `${operation ?? 'the service'} promised another page but returned an empty answer; pass onEmptyAnswer: 'stop' if that is how it marks the end`;
  return new PageturnError('ERR_PAGE_INVALID', message, { attempts, cause });
}
