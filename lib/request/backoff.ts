// From the AWS SDK's standard retry mode (@smithy/core 3.41, util-retry).
const BASE_MS = { throttle: 1000, transient: 50 };
const CAP_MS = 20_000;

/**
 * How long to wait before the next attempt, in milliseconds. Full jitter: a random part of a bound that doubles with
 * every failure of this kind (`nth`, counted from 1) up to 20 s. `random` returns a number from 0 to below 1.
 */
export function backoff(kind: 'throttle' | 'transient', nth: number, random: () => number): number {
  return random() * Math.min(CAP_MS, BASE_MS[kind] * 2 ** (nth - 1));
}
