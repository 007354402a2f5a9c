import { type Clock, systemClock } from '../../lib/core/clock.js';

const realNow = performance.now.bind(performance);
const realSetTimeout = setTimeout;
const realSetInterval = setInterval;
const RealDate = Date;

/** A clock that runs `scale` times as fast as the real one. */
export function scaledClock(scale: number): Clock {
  return {
    now: () => systemClock.now() * scale,
    sleep: (ms, signal) => systemClock.sleep(ms / scale, signal),
  };
}

/**
 * Makes time run `scale` times as fast for everything in this process that uses the global timers and clocks: the
 * back-off of the SDK and of p-retry, the intervals of bottleneck, pageturn's clock. Call it before importing them.
 */
export function scaleTime(scale: number): void {
  const startedAt = RealDate.now();
  const dateNow = () => startedAt + (RealDate.now() - startedAt) * scale;
  const scaled = {
    setTimeout: (run: () => void, ms = 0, ...rest: unknown[]) =>
      realSetTimeout(() => Reflect.apply(run, undefined, rest), ms / scale),
    setInterval: (run: () => void, ms = 0, ...rest: unknown[]) =>
      realSetInterval(() => Reflect.apply(run, undefined, rest), ms / scale),
    Date: class extends RealDate {
      static override now = dateNow;
      constructor(...given: [] | [number | string]) {
        super(given[0] ?? dateNow());
      }
    },
  };
  Object.assign(globalThis, scaled);
  performance.now = () => realNow() * scale;
}
