import { rejectPromise } from './reject-promise.js';
import type { Step } from './step.js';

export function dropWhile<T>(predicate: (value: T, index: number) => unknown): Step {
  return {
    name: 'dropWhile',
    kind: 'keep',
    counts: true,
    start: (slot) => ({
      apply: (value: T, index: number) => {
        if (slot.count > 0) return true;
        const dropping = predicate(value, index);
        rejectPromise('dropWhile', dropping);
        if (!dropping) slot.count = 1;
        return !dropping;
      },
    }),
  };
}
