import type { Step } from './step.js';

export function drop(count: number): Step {
  return {
    name: 'drop',
    counts: true,
    start: (slot) => ({
      kind: 'keep',
      apply: () => {
        if (slot.count >= count) return true;
        slot.count++;
        return false;
      },
    }),
  };
}
