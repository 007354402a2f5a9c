import { TUNING, type Tuning } from '../../lib/pace/learning-rate.js';
import { QuotaModel } from '../../lib/pace/quota-model.js';
import { readQuota } from '../../lib/pace/read-quota.js';
import { Bucket, Caller, Simulation, seeded } from './simulation.js';

/** One run of a scenario: its figures, and what the bucket saw. */
export interface Run {
  readonly figures: Readonly<Record<string, number>>;
  readonly bucket: Bucket;
}

export type Scenario = (seed: number, tuning?: Tuning) => Run;

interface AloneOptions {
  readonly requests: number;
  readonly concurrency?: number;
  readonly latencyMs?: number;
  /** The real quota. */
  readonly real?: { readonly ratePerSecond: number; readonly burst: number };
  /** The configured one. */
  readonly configured?: { readonly ratePerSecond: number; readonly burst: number };
  /** Tokens in the bucket at the beginning. Default: the burst. */
  readonly level?: number;
}

const DOCUMENTED = { ratePerSecond: 2, burst: 5 };

/** One caller that nothing disturbs. `ratio`: time over the least possible; `throttled`: throttles per request. */
export function alone(options: AloneOptions): Scenario {
  const { requests, concurrency = 1, latencyMs = 1 } = options;
  const { real = DOCUMENTED, configured = DOCUMENTED, level = real.burst } = options;
  return (seed, tuning) => {
    const random = seeded(seed);
    const simulation = new Simulation();
    const bucket = new Bucket(simulation, real.ratePerSecond, real.burst, level);
    const model = new QuotaModel(readQuota(configured), tuning);
    const jittered = () => latencyMs * (1 + 0.2 * random());
    const caller = { model, requests, concurrency, latencyMs: jittered, random };
    new Caller(simulation, bucket, caller).start();
    simulation.run();
    const least = (requests - level) / real.ratePerSecond;
    const ratio = simulation.now / 1000 / least;
    return { figures: { ratio, throttled: bucket.count('throttled') / requests }, bucket };
  };
}

/** Independent callers on one quota. `smallest`: the smallest part of its fair share one had while all were running. */
export function together(callers: number, requests: number): Scenario {
  return (seed, tuning) => {
    const random = seeded(seed);
    const simulation = new Simulation();
    const bucket = new Bucket(simulation);
    const all = Array.from({ length: callers }, (_, index) => {
      const model = new QuotaModel(readQuota(DOCUMENTED), tuning);
      const latencyMs = () => 40 + 20 * random();
      return new Caller(simulation, bucket, { name: `${index}`, model, requests, latencyMs, random });
    });
    for (const caller of all) caller.start(300 * random());
    simulation.run();
    const firstEnd = Math.min(...all.map(({ finishedAt }) => finishedAt));
    const served = all.map(({ name }) => bucket.count('accepted', name, 0, firstEnd));
    const sum = served.reduce((total, one) => total + one, 0);
    const least = (callers * requests - bucket.burst) / bucket.ratePerSecond;
    const ratio = simulation.now / 1000 / least;
    const throttled = bucket.count('throttled') / (callers * requests);
    return { figures: { ratio, throttled, smallest: (callers * Math.min(...served)) / sum }, bucket };
  };
}

/** Another caller asks once a second, and leaves. `takenUp`: the part of its rate that is in use after 15 s. */
export const competitorLeaves: Scenario = (seed, tuning) => {
  const { simulation, bucket, random } = endless(seed, tuning);
  const leavesAt = 90_000 + 10_000 * random();
  const ask = () => {
    if (simulation.now >= leavesAt) return;
    bucket.take('other');
    simulation.at(simulation.now + 1000, ask);
  };
  ask();
  simulation.run(leavesAt + 45_000);
  const before = bucket.count('accepted', 'ours', leavesAt - 60_000, leavesAt) / 60;
  const after = bucket.count('accepted', 'ours', leavesAt + 15_000, leavesAt + 45_000) / 30;
  return { figures: { takenUp: (after - before) / (2 - before) }, bucket };
};

/**
 * The quota falls to a quarter and comes back after two minutes. `throttled`: throttles per accepted request in between;
 * `restored`: the part of the whole quota in use in the minute after.
 */
export const quotaChanges: Scenario = (seed, tuning) => {
  const { simulation, bucket, random } = endless(seed, tuning);
  const fallsAt = 60_000 + 10_000 * random();
  const returnsAt = fallsAt + 120_000;
  simulation.at(fallsAt, () => (bucket.ratePerSecond = 0.5));
  simulation.at(returnsAt, () => (bucket.ratePerSecond = 2));
  simulation.run(returnsAt + 60_000);
  const count = (kind: 'accepted' | 'throttled', from: number) =>
    bucket.count(kind, 'ours', from, from === fallsAt ? returnsAt : from + 60_000);
  const throttled = count('throttled', fallsAt) / count('accepted', fallsAt);
  return { figures: { throttled, restored: count('accepted', returnsAt) / 120 }, bucket };
};

/** A caller that rests between batches of twelve. */
export const batches: Scenario = (seed, tuning) => {
  const random = seeded(seed);
  const simulation = new Simulation();
  const bucket = new Bucket(simulation);
  const model = new QuotaModel(readQuota(DOCUMENTED), tuning);
  for (let batch = 0; batch < 30; batch++) {
    const latencyMs = () => 20 * (1 + 0.2 * random());
    const caller = new Caller(simulation, bucket, { model, requests: 12, latencyMs, random });
    caller.start(simulation.now + 4000 + 3000 * random());
    simulation.run();
  }
  return { figures: { throttled: bucket.count('throttled') / 360 }, bucket };
};

/** The mean of a figure over seeds, and its standard error. */
export function mean(
  scenario: Scenario,
  figure: string,
  tuning: Partial<Tuning> = {},
  seeds = 20,
): { readonly mean: number; readonly error: number } {
  const values = Array.from({ length: seeds }, (_, index) => {
    const value = scenario(index + 1, { ...TUNING, ...tuning }).figures[figure];
    if (value === undefined) throw new Error(`the scenario has no figure ${figure}`);
    return value;
  });
  const average = values.reduce((sum, one) => sum + one, 0) / seeds;
  const variance = values.reduce((sum, one) => sum + (one - average) ** 2, 0) / (seeds - 1);
  return { mean: average, error: Math.sqrt(variance / seeds) };
}

function endless(seed: number, tuning: Tuning | undefined) {
  const random = seeded(seed);
  const simulation = new Simulation();
  const bucket = new Bucket(simulation);
  const model = new QuotaModel(readQuota(DOCUMENTED), tuning);
  const latencyMs = () => 40 + 20 * random();
  const requests = Number.MAX_SAFE_INTEGER;
  new Caller(simulation, bucket, { name: 'ours', model, requests, latencyMs, random }).start();
  return { simulation, bucket, random };
}
