import type { Op, Slot, Step } from './step.js';

export function take(limit: number): Step {
  const step = {
    name: 'take',
    kind: 'keep',
    counts: true,
    wants: (count: number) => limit - count,
    start(slot: Slot): Op {
      // A cursor left by the limit itself begins the next chunk.
      if (slot.count >= limit) slot.count = 0;
      return startAt(slot, limit);
    },
  } as const;
  return { ...step, ofJob: { ...step, start: (slot) => startAt(slot, limit) } };
}

function startAt(slot: Slot, limit: number): Op {
  if (slot.count >= limit) slot.limit('before');
  return {
    apply: () => {
      if (++slot.count >= limit) slot.limit('after');
      return true;
    },
  };
}
