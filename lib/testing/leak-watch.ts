import { ConformanceError } from './conformance-error.js';
import { idle } from './patience.js';
import type { Scenario } from './trial.js';

export interface LeftoverWatch {
  /** Throws where a timer runs that did not run before, a wait goes on, or a rejection found no handler. */
  expectNone(scenario: Scenario): Promise<void>;
}

// A test runner has timers of its own, which come and go.
const LOOKS = 50;

/** Watches what a walk leaves behind in this process: timers that keep it alive, and unhandled rejections. */
export function watchLeftovers(): LeftoverWatch {
  const timersBefore = countTimers();
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown) => {
    rejections.push(reason);
  };
  process.on('unhandledRejection', onRejection);

  return {
    async expectNone({ clock }) {
      // Now, for a turn later a virtual clock will have ended the wait.
      const { waiting } = clock;
      await idle();
      for (let look = 0; look < LOOKS && countTimers() > timersBefore; look++) await idle();
      process.off('unhandledRejection', onRejection);
      if (waiting > 0 || countTimers() > timersBefore) {
        throw new ConformanceError('leaks', 'a timer is still running');
      }
      if (rejections.length > 0) {
        const [cause] = rejections;
        throw new ConformanceError('leaks', `a rejection found no handler: ${cause}`, { cause });
      }
    },
  };
}

function countTimers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
}
