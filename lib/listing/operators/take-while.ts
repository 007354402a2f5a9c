import { rejectPromise } from './reject-promise.js';
import type { Step } from './step.js';

export function takeWhile<T>(predicate: (value: T, index: number) => unknown): Step {
  return {
    name: 'takeWhile',
    kind: 'keep',
    start: (slot) => ({
      apply: (value: T, index: number) => {
        const going = predicate(value, index);
        rejectPromise('takeWhile', going);
        if (!going) slot.limit('before');
        return going;
      },
    }),
  };
}
