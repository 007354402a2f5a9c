import { CheckRun } from './check-run.js';
import type { Feature, Pager } from './pager.js';
import type { TimeoutOptions } from './timeouts.js';

/** One guarantee and the check for it. */
export interface ConformanceCheck {
  readonly name: string;
  /** The guarantee in one sentence. */
  readonly guarantee: string;
  /** The features a pager must support for the check to apply. */
  readonly requires: readonly Feature[];
  /**
   * Resolves if the pager keeps the guarantee, otherwise rejects with a {@link ConformanceError}.
   *
   * @example
   * for (const check of checksFor(pager)) it(check.name, () => check.run(pager));
   */
  run(pager: Pager, options?: TimeoutOptions): Promise<void>;
}

interface CheckDefinition {
  readonly name: string;
  readonly guarantee: string;
  readonly requires?: readonly Feature[];
  readonly body: (run: CheckRun) => Promise<void>;
}

export function defineCheck({ name, guarantee, requires = [], body }: CheckDefinition): ConformanceCheck {
  return {
    name,
    guarantee,
    requires,
    async run(pager, options = {}) {
      const run = new CheckRun(pager, options);
      try {
        await body(run);
      } finally {
        await run.close();
      }
    },
  };
}
