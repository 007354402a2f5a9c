import type { Scenario } from './check-run.js';
import { ConformanceError } from './conformance-error.js';
import { settle } from './timeouts.js';

export interface LeakWatch {
  /** Throws if a new timer is still running, a wait on the clock is pending, or a rejection was not handled. */
  expectNone(scenario: Scenario): Promise<void>;
}

// The test runner's own timers come and go, so the count gets several chances to return to its start.
const MAX_POLLS = 50;

/** Watches this process for what a walk leaks: timers that keep it alive, and unhandled rejections. */
export function watchLeaks(): LeakWatch {
  const timersBefore = countTimers();
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown) => {
    rejections.push(reason);
  };
  process.on('unhandledRejection', onRejection);

  return {
    async expectNone({ clock }) {
      // Read this now: a turn later a virtual clock would have ended the wait.
      const { waiting } = clock;
      await settle();
      for (let poll = 0; poll < MAX_POLLS && countTimers() > timersBefore; poll++) await settle();
      process.off('unhandledRejection', onRejection);
      if (waiting > 0 || countTimers() > timersBefore) {
        throw new ConformanceError('leaks', 'a timer is still running');
      }
      if (rejections.length > 0) {
        const [cause] = rejections;
        throw new ConformanceError('leaks', `a rejection was not handled: ${cause}`, { cause });
      }
    },
  };
}

function countTimers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
}
