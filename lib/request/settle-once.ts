import { publish } from '../core/events.js';
import type { Outcome, Permit } from '../core/pacer.js';

/** Settles a permit without waiting for it, the first time it is called; a settlement that fails is published. */
export function settleOnce(permit: Permit, operation: string | undefined): (outcome: Outcome) => void {
  let isSettled = false;
  return (outcome) => {
    if (isSettled) return;
    isSettled = true;
    (async () => permit.settle(outcome))().catch((error: unknown) => {
      publish('pageturn:settle-error', () => ({ operation, outcome: outcome.kind, error }));
    });
  };
}
