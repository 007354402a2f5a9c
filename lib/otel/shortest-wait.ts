/** Milliseconds. A shorter wait is due to the event loop, not to the quota. */
export const SHORTEST_WAIT_MS = 1;
