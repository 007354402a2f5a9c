import type { Step } from './step.js';

export function drop(count: number): Step {
  return {
    name: 'drop',
    kind: 'keep',
    counts: true,
    start: (slot) => ({
      apply: () => {
        if (slot.count >= count) return true;
        slot.count++;
        return false;
      },
    }),
  };
}
