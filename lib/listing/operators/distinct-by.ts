import { detachedText } from '../../core/detached-text.js';
import { rejectPromise } from './reject-promise.js';
import type { Step } from './step.js';

export function distinctBy<T>(keyOf: (value: T) => unknown): Step {
  return {
    name: 'distinctBy',
    kind: 'keep',
    start: () => {
      const seen = new Set<unknown>();
      let last: unknown;
      return {
        apply: (value: T) => {
          last = keyOf(value);
          rejectPromise('distinctBy', last);
          if (seen.has(last)) return false;
          seen.add(typeof last === 'string' ? detachedText(last) : last);
          return true;
        },
        undo: () => {
          seen.delete(last);
        },
      };
    },
  };
}
