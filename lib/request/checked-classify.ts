import { assertFunction } from '../core/assert-function.js';
import { callingBack } from '../core/callback-error.js';
import { invalidArgument } from '../core/errors.js';
import type { Classification, Classify } from './classify.js';

/**
 * Wraps a caller's `classify`: the result throws ERR_INVALID_ARGUMENT for an answer that is not a classification, after
 * which a request would be retried forever, and ERR_CALLBACK_FAILED when `classify` throws. Throws ERR_INVALID_ARGUMENT
 * at once if it is not a function.
 */
export function checkedClassify(classify: Classify): Classify {
  assertFunction('classify', classify);
  return (error) => {
    const answer = callingBack('classify', () => classify(error));
    const { kind, retryAfterMs = 0 }: Partial<Classification> = Object(answer);
    if (KINDS.has(kind) && retryAfterMs >= 0) return answer;
    throw invalidArgument('what classify returns', EXPECTED, answer);
  };
}

const KINDS: ReadonlySet<unknown> = new Set(['throttle', 'transient', 'final']);
const EXPECTED = "a kind, 'throttle', 'transient' or 'final', perhaps with retryAfterMs from 0";
