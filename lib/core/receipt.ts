import type { Query } from './cursor-shape.js';
import type { DrainTotals, Published } from './destination.js';

/** What a drain did, in all its runs together, as plain JSON. */
export interface Receipt extends DrainTotals, Published {
  readonly query: Query;
  /** When the last run ended, in ISO 8601. */
  readonly endedAt: string;
  /** Why it ended; rows are published at `exhausted`, `limit` and `partial`. */
  readonly end: 'exhausted' | 'limit' | 'partial' | 'aborted' | 'failed';
  /** At `partial`: which parts of the listing failed, and why, in words. */
  readonly missing?: string;
  /** Whether the target holds everything: the listing was exhausted, and its rows are published. */
  readonly complete: boolean;
  /** Where the rows went, such as the path of a file. */
  readonly target: string;
}
