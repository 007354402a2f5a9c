import type { Step } from './step.js';

export function take(limit: number): Step {
  return {
    name: 'take',
    kind: 'keep',
    counts: true,
    wants: (count) => limit - count,
    start: (slot) => {
      // A cursor left by the limit itself begins the next chunk.
      if (slot.count >= limit) slot.count = 0;
      if (limit === 0) slot.limit('before');
      return {
        apply: () => {
          if (++slot.count >= limit) slot.limit('after');
          return true;
        },
      };
    },
  };
}
