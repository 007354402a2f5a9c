import type { Step } from './step.js';

export function map<T, R>(mapper: (value: T, index: number) => R): Step {
  return { name: 'map', start: () => ({ kind: 'map', apply: mapper }) };
}
