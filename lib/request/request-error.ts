import { errorName } from '../core/error-name.js';
import { isPageturnError, PageturnError } from '../core/errors.js';
import { ifReadable } from '../core/if-readable.js';
import { EmptyAnswer, emptyAnswer } from './empty-answer.js';
import type { Send } from './with-attempt.js';

interface Failure {
  readonly operation: string | undefined;
  readonly attempts: number;
  /** The error of the service or the connection; becomes the `cause`, unchanged. */
  readonly error: unknown;
}

/** ERR_REQUEST_FAILED: a retry would not help, or is not allowed. */
export function requestFailed({ operation, attempts, error }: Failure): PageturnError {
  if (isEmptyAnswer(error)) return emptyAnswer(operation, attempts, error);
  const message = `${operation ?? 'the request'} failed: ${errorName(error)}`;
  return new PageturnError('ERR_REQUEST_FAILED', message, { cause: error, attempts });
}

/** ERR_RETRY_EXHAUSTED: throttles or faults continued beyond a bound; `bound` says which. */
export function retryExhausted({ operation, attempts, error }: Failure, bound: string): PageturnError {
  if (isEmptyAnswer(error)) return emptyAnswer(operation, attempts, error);
  const tried = `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
  const message = `${operation ?? 'the request'} was given up after ${tried}, ${bound}: ${errorName(error)}`;
  return new PageturnError('ERR_RETRY_EXHAUSTED', message, { cause: error, attempts });
}

function isEmptyAnswer(error: unknown): error is EmptyAnswer {
  return ifReadable(() => error instanceof EmptyAnswer) ?? false;
}

/** Turns the errors of a send that is not retried into ERR_REQUEST_FAILED. */
export function withRequestError<I, O>(send: Send<I, O>): Send<I, O> {
  return async (input, call) => {
    try {
      return await send(input, call);
    } catch (error) {
      call.signal?.throwIfAborted();
      if (isPageturnError(error)) throw error;
      throw requestFailed({ operation: call.operation, attempts: 1, error });
    }
  };
}
