import { rejectPromise } from './reject-promise.js';
import type { Step } from './step.js';

export function tap<T>(look: (value: T, index: number) => void): Step {
  return {
    name: 'tap',
    kind: 'map',
    isTransparent: true,
    start: () => ({
      apply: (value: T, index: number) => {
        const answer: unknown = look(value, index);
        if (answer !== undefined) rejectPromise('tap', answer);
        return value;
      },
    }),
  };
}
