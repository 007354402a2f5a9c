import type { Destination } from '../../lib/core/destination.js';

/** A destination that keeps nothing. */
export const nowhere: Destination<unknown> = {
  target: 'nowhere',
  promises: 'at-least-once-by-key',
  open: async () => ({ fence: 1, position: undefined }),
  write: async () => {},
  finish: async () => ({}),
  close: async () => {},
};
