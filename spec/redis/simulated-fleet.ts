import { Bucket, Simulation, seeded } from '../../bench/pace/simulation.js';
import type { TimedBucket } from './timed-bucket.js';

export interface FleetFigures {
  /** Time over the least possible. */
  readonly ratio: number;
  /** Throttles per page. */
  readonly throttled: number;
  /** The smallest part of its fair share that a process had while all were running. */
  readonly smallest: number;
  /** Requests to Redis per page. */
  readonly trips: number;
}

interface FleetOptions {
  readonly processes: number;
  readonly pages: number;
  /** The real quota. */
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** Processes that page through a service, paced by one bucket in a real Redis, at a time that leaps from event to event. */
export async function simulatedFleet(shared: TimedBucket, options: FleetOptions): Promise<FleetFigures> {
  const { processes, pages, ratePerSecond, burst } = options;
  const simulation = new Simulation();
  const service = new Bucket(simulation, ratePerSecond, burst);
  const random = seeded(7);
  const timeline: { readonly at: number; readonly run: () => Promise<void> }[] = [];
  const at = (time: number, run: () => Promise<void>) => {
    timeline.splice(timeline.findLastIndex((event) => event.at <= time) + 1, 0, { at: time, run });
  };
  let trips = 0;
  const finishedAt: number[] = [];

  for (let n = 0; n < processes; n++) {
    let left = pages;
    let settled: object[] = [];
    let places = 0;
    const now = () => simulation.now;
    const newPlace = () => `${n}:${places++}`;
    const later = (waitMs: number, place: string) =>
      at(now() + Math.ceil(waitMs) + 1 + random(), () => ask(place));
    const ask = async (place: string): Promise<void> => {
      trips++;
      const next = newPlace();
      const { grant, waitMs } = await shared.run(now(), { ask: place, next, settled });
      settled = [];
      if (!grant) return later(waitMs, place);
      const nextAt = now() + waitMs;
      const halfMs = 20 + 10 * random();
      at(now() + halfMs, async () => {
        const isAccepted = service.take(`${n}`);
        at(now() + halfMs, async () => {
          settled = [{ ...grant, kind: isAccepted ? 'ok' : 'throttled' }];
          if (isAccepted && --left === 0) finishedAt.push(now());
          if (left === 0) return;
          // A throttle travels with a question that is asked at once.
          if (isAccepted && waitMs > 0 && nextAt > now()) later(nextAt - now(), next);
          else await ask(waitMs > 0 ? next : newPlace());
        });
      });
    };
    at(300 * random(), () => ask(newPlace()));
  }
  for (let next = timeline.shift(); next; next = timeline.shift()) {
    simulation.now = next.at;
    await next.run();
  }

  const all = Array.from({ length: processes }, (_, n) =>
    service.count('accepted', `${n}`, -1, Math.min(...finishedAt)),
  );
  const sum = all.reduce((total, one) => total + one, 0);
  return {
    ratio: simulation.now / 1000 / ((processes * pages - burst) / ratePerSecond),
    throttled: service.count('throttled') / (processes * pages),
    smallest: (processes * Math.min(...all)) / sum,
    trips: trips / (processes * pages),
  };
}
