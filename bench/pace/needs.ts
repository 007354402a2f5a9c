import type { Tuning } from '../../lib/pace/learning-rate.js';
import { alone, quotaChanges, type Scenario, together } from './scenarios.js';

/** A figure that holds with a constant, and fails without it. */
export interface Need {
  readonly constant: keyof Tuning;
  readonly why: string;
  readonly scenario: Scenario;
  /** The name of the figure in the scenario, and in words. */
  readonly figure: string;
  readonly words: string;
  readonly bound: number;
  /** Whether the figure must be at least the bound; otherwise at most. */
  readonly atLeast?: boolean;
  /** The value that takes the constant out of effect. */
  readonly without: number;
}

const alone1000 = alone({ requests: 1000 });
const higher = alone({ requests: 1000, latencyMs: 20, real: { ratePerSecond: 10, burst: 5 } });
const lower = alone({ requests: 1000, latencyMs: 20, real: { ratePerSecond: 1, burst: 5 } });
const large = { ratePerSecond: 10, burst: 20 };
const empty = alone({ requests: 300, latencyMs: 20, real: large, configured: large, level: 0 });
const three = together(3, 100);

const HIGHER = 'time over the bound, quota five times as high as configured, 1,000 requests';
const LOWER = 'throttles per request, quota half as high as configured, 1,000 requests';

export const needs: readonly Need[] = [
  {
    constant: 'cushion',
    why: 'keeps away from the empty bucket between probes',
    scenario: alone1000,
    figure: 'throttled',
    words: 'throttles per request, quota as configured, 1,000 requests',
    bound: 0.025,
    without: 0,
  },
  {
    constant: 'probe',
    why: 'finds tokens that the estimate does not have',
    scenario: higher,
    figure: 'ratio',
    words: HIGHER,
    bound: 1.05,
    without: 0.1,
  },
  {
    constant: 'memory',
    why: 'shorter, the rate collapses on large errors; longer, it lags behind a change',
    scenario: higher,
    figure: 'ratio',
    words: HIGHER,
    bound: 1.05,
    without: 1,
  },
  {
    constant: 'climbAfter',
    why: 'a higher quota is reached in seconds, not in minutes',
    scenario: higher,
    figure: 'ratio',
    words: HIGHER,
    bound: 1.05,
    without: Number.POSITIVE_INFINITY,
  },
  {
    constant: 'trend',
    why: 'a lower quota is reached after few throttles',
    scenario: quotaChanges,
    figure: 'throttled',
    words: 'throttles per accepted request while the quota is at a quarter',
    bound: 0.23,
    without: 1,
  },
  {
    constant: 'firstCycle',
    why: 'the first probe comes early, in case the quota is higher',
    scenario: higher,
    figure: 'ratio',
    words: HIGHER,
    bound: 1.05,
    without: 33,
  },
  {
    constant: 'surprisedCycle',
    why: 'after an error, the next probe comes sooner',
    scenario: three,
    figure: 'ratio',
    words: 'time over the bound, three processes with 100 requests each',
    bound: 1.06,
    without: 75,
  },
  {
    constant: 'longCycle',
    why: 'a rate that is right is rarely probed',
    scenario: alone1000,
    figure: 'throttled',
    words: 'throttles per request, quota as configured, 1,000 requests',
    bound: 0.025,
    without: 33,
  },
  {
    constant: 'growth',
    why: 'cycles grow again after an error',
    scenario: lower,
    figure: 'throttled',
    words: LOWER,
    bound: 0.05,
    without: 1,
  },
  {
    constant: 'largestCut',
    why: 'one large error does not stop the traffic',
    scenario: empty,
    figure: 'ratio',
    words: 'time over the bound, 10/s and burst 20, an empty bucket at the start, 300 requests',
    bound: 1.01,
    without: 0,
  },
];
