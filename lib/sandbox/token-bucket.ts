import type { Clock } from '../core/clock.js';

export interface TokenBucket {
  /** Takes a token, or says false where there is none. A refusal costs nothing. */
  take(): boolean;
}

/**
 * A token bucket that starts full. That a refused request takes no token is an assumption: the service documents a
 * rate and a burst, not how it counts what it refuses.
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
      // Rounding must not cost a caller who comes at the exact moment: 0.1 s ten times is a hair below 1 s.
      if (level < 1 - 1e-9) return false;
      level = Math.max(0, level - 1);
      return true;
    },
  };
}
