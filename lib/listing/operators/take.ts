import type { Op, Slot, Step } from './step.js';

/**
 * Passes `limit` values on and then ends the traversal. A traversal that is opened at the cursor of a limit already
 * reached passes on another `limit` values. A drain does not: its runs have one limit together.
 */
export function take(limit: number): Step {
  const step = {
    name: 'take',
    kind: 'keep',
    counts: true,
    wants: (count: number) => limit - count,
    start(slot: Slot): Op {
      // Opened at the cursor of a limit.
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
