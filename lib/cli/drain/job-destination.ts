import type { Cursor } from '../../core/cursor.js';
import type { Destination } from '../../core/destination.js';
import { newTotals } from '../../listing/drain/drain-totals.js';
import {
  assertSameJob,
  differenceFrom,
  type JobPosition,
  type JobSettings,
  type KeptRun,
} from './job-settings.js';
import { withFileErrors } from './with-file-errors.js';

interface JobDestinationOptions {
  readonly settings: JobSettings;
  readonly maxItems: number | undefined;
  readonly noun: string;
  /** The cursor at the beginning of the listing. */
  readonly start: Cursor;
  /** Whether an unfinished run is discarded. */
  readonly restart: boolean;
  readonly outlet: KeptRun & { readonly path: string };
  /** Called with the settings of the first run if this one resumes it. */
  readonly onResume: (settings: JobSettings) => void;
}

/** A destination that refuses the unfinished run of another job, and names in its errors what could not be done. */
export function jobDestination<T>(
  destination: Destination<T>,
  { settings: ours, restart, onResume, ...job }: JobDestinationOptions,
): Destination<T> {
  const inner = withFileErrors(destination, job.outlet.path);
  let settings = ours;
  const keeping = <P extends object>(position: P): P & Pick<JobPosition, 'settings'> => ({
    ...position,
    settings,
  });
  const run = { ...job, settings: ours, query: job.start.query };
  const isSameJob = (position: JobPosition) => differenceFrom(position, run) === undefined;
  const { startOver } = inner;
  return {
    ...inner,
    async open(opening, options) {
      const opened = await inner.open(opening, options);
      const position: JobPosition | undefined = opened.position;
      if (!position) return opened;
      try {
        if (restart || (isAtStart(position) && !isSameJob(position))) {
          const totals = newTotals(new Date().toISOString());
          await startOver?.(keeping({ fence: opened.fence, cursor: job.start, totals }));
          return { fence: opened.fence };
        }
        assertSameJob(position, run);
        settings = { ...ours, ...position.settings };
        onResume(settings);
        return opened;
      } catch (error) {
        await inner.close();
        throw error;
      }
    },
    write: (rows, position) => inner.write(rows, keeping(position)),
    ...(startOver && { startOver: (position) => startOver(keeping(position)) }),
  };
}

/** Whether the run failed before it had anything, such as one with a wrong option: then nothing is lost with it. */
function isAtStart({ cursor, totals }: JobPosition): boolean {
  return cursor.token === undefined && cursor.offset === 0 && totals.written === 0;
}
