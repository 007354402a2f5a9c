import { assertFunction } from './assert-function.js';
import { callingBack } from './callback-error.js';
import { isPromise } from './drop-rejection.js';
import { invalidArgument } from './errors.js';

/**
 * Wraps a caller's predicate about errors: the result throws ERR_INVALID_ARGUMENT for a promise, which would count as true,
 * and ERR_CALLBACK_FAILED when the predicate throws. Throws ERR_INVALID_ARGUMENT at once if it is not a function.
 */
export function checkedPredicate(
  name: string,
  predicate: (error: unknown) => boolean,
): (error: unknown) => boolean {
  assertFunction(name, predicate);
  return (error) => {
    const answer: unknown = callingBack(name, () => predicate(error));
    if (isPromise(answer)) throw invalidArgument(`what ${name} returns`, 'true or false', answer);
    return Boolean(answer);
  };
}
