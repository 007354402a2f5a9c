import { assertBoolean } from '../core/assert-boolean.js';
import { invalidArgument } from '../core/errors.js';

/** A quota, and how to use it. */
export interface QuotaOptions {
  /** Requests per second the service accepts; above 0. Default 2, the documented quota of most Amazon Connect operations. */
  readonly ratePerSecond?: number | undefined;
  /** Requests the service accepts at once after a rest; from 1. Default 5, as documented for Amazon Connect. */
  readonly burst?: number | undefined;
  /**
   * The part of the quota to take, above 0 and at most 1; the rest is left to others. Below 1 the pace never rises
   * above `share * ratePerSecond`. Default 1.
   */
  readonly share?: number | undefined;
  /**
   * Whether to learn what the service really accepts, starting from `ratePerSecond` and `burst`, at the cost of an
   * occasional throttle. With `false` the rate is fixed, and requests are never throttled if nothing else uses the
   * quota. Default: true if `share` is 1, false below.
   */
  readonly learn?: boolean | undefined;
  /** Requests in flight at the same time; a whole number from 1, or Infinity. Default Infinity. */
  readonly maxConcurrency?: number | undefined;
}

/** The names of {@link QuotaOptions}. */
export const QUOTA_OPTIONS = ['ratePerSecond', 'burst', 'share', 'learn', 'maxConcurrency'] as const;

/** {@link QuotaOptions} with all defaults filled in. */
export type Quota = Required<{ [K in keyof QuotaOptions]: NonNullable<QuotaOptions[K]> }>;

/** Fills in the defaults; throws ERR_INVALID_ARGUMENT for an invalid value. */
export function readQuota(options: QuotaOptions): Quota {
  const { ratePerSecond = 2, burst = 5, share = 1, maxConcurrency = Number.POSITIVE_INFINITY } = options;
  const { learn = share === 1 } = options;
  if (!(Number.isFinite(ratePerSecond) && ratePerSecond > 0))
    throw invalidArgument('ratePerSecond', 'a finite number above 0', ratePerSecond);
  if (!(Number.isFinite(burst) && burst >= 1))
    throw invalidArgument('burst', 'a finite number from 1', burst);
  if (!(Number.isFinite(share) && share > 0 && share <= 1))
    throw invalidArgument('share', 'a number above 0 and at most 1', share);
  assertBoolean('learn', learn);
  if (
    maxConcurrency !== Number.POSITIVE_INFINITY &&
    !(Number.isSafeInteger(maxConcurrency) && maxConcurrency >= 1)
  )
    throw invalidArgument('maxConcurrency', 'a whole number from 1, or Infinity', maxConcurrency);
  return { ratePerSecond, burst, share, learn, maxConcurrency };
}
