import type { Clock } from '../core/clock.js';

export interface TokenBucket {
  /** Takes a token and returns true, or returns false if the bucket is empty. */
  take(): boolean;
}

/**
 * A token bucket that starts full. That a throttled request takes no token is an assumption: the service documents a
 * rate and a burst, but not how it counts throttled requests.
 */
export function createTokenBucket(
  { ratePerSecond, burst }: { readonly ratePerSecond: number; readonly burst: number },
  clock: Clock,
): TokenBucket {
  let level = burst;
  let filledAt = clock.now();
  return {
    take() {
      if (ratePerSecond === Number.POSITIVE_INFINITY) return true;
      const now = clock.now();
      level = Math.min(burst, level + ((now - filledAt) / 1000) * ratePerSecond);
      filledAt = now;
      // A caller on time must not be throttled because of rounding: ten times 0.1 s is slightly less than 1 s.
      if (level < 1 - 1e-9) return false;
      level = Math.max(0, level - 1);
      return true;
    },
  };
}
