import type { Feature, Pager } from './pager.js';
import type { PatienceOptions } from './patience.js';
import { Trial } from './trial.js';

/** One promise, and how it is put to the test. */
export interface ConformanceCheck {
  readonly name: string;
  /** What is promised, in a sentence. */
  readonly promise: string;
  /** What a pager must offer for the check to make sense. */
  readonly needs: readonly Feature[];
  /**
   * Resolves where the pager keeps the promise; rejects with a {@link ConformanceError} where it does not.
   *
   * @example
   * for (const check of checksFor(pager)) it(check.name, () => check.run(pager));
   */
  run(pager: Pager, options?: PatienceOptions): Promise<void>;
}

interface CheckDefinition {
  readonly name: string;
  readonly promise: string;
  readonly needs?: readonly Feature[];
  readonly body: (trial: Trial) => Promise<void>;
}

export function defineCheck({ name, promise, needs = [], body }: CheckDefinition): ConformanceCheck {
  return {
    name,
    promise,
    needs,
    async run(pager, options = {}) {
      const trial = new Trial(pager, options);
      try {
        await body(trial);
      } finally {
        await trial.close();
      }
    },
  };
}
