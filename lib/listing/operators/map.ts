import type { Step } from './step.js';

export function map<T, R>(mapper: (value: T, index: number) => R): Step {
  return { name: 'map', kind: 'map', start: () => ({ apply: mapper }) };
}
