import type { Step } from './step.js';

export function filter<T>(predicate: (value: T, index: number) => unknown): Step {
  return { name: 'filter', kind: 'keep', start: () => ({ apply: predicate }) };
}
