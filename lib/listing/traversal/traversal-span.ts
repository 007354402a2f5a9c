import { isTraced, type OpenTrace, openTrace, type TraversalTrace } from '../../core/tracing.js';
import type { TraversalEnd } from './traversal-end.js';

/** The trace of a traversal from its opening to its end, where traces are listened to. */
export class TraversalSpan {
  #trace: OpenTrace<TraversalTrace> | undefined;

  /** What the traces of pages, attempts and waits belong to. */
  get context(): TraversalTrace | undefined {
    return this.#trace?.context;
  }

  open(operation: string): void {
    if (isTraced('pageturn:traversal')) this.#trace = openTrace('pageturn:traversal', { operation });
  }

  /** Ends it once; `figures` is what the traversal has done. */
  end(
    { reason, cause, error }: Omit<TraversalEnd, 'restarts'>,
    figures: () => Pick<TraversalTrace, 'pages' | 'itemsSeen' | 'itemsYielded' | 'restarts'>,
  ): void {
    const trace = this.#trace;
    this.#trace = undefined;
    if (!trace) return;
    Object.assign(trace.context, { reason, ...figures() });
    if (reason === 'failed') trace.fail(error ?? cause);
    else trace.finish();
  }
}
