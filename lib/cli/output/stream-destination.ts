import type { Destination, DrainPosition, OpenedDestination, Published } from '../../core/destination.js';
import type { Format } from '../../destinations/formats/format.js';
import type { Interruption } from '../interruption.js';
import type { ByteSink } from './byte-sink.js';
import { FormatWriter } from './format-writer.js';

/** Where the position in a sink is kept, for a sink that a later run can continue. */
export interface PositionStore {
  open(signal: AbortSignal): Promise<OpenedDestination>;
  save(position: DrainPosition): Promise<void>;
  /** Forgets the position. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

interface StreamDestinationOptions<T> {
  readonly sink: ByteSink;
  readonly format: Format<T>;
  readonly interruption: Interruption;
  readonly positions?: PositionStore | undefined;
}

/**
 * A sink that rows are written to as they arrive, in whole lines. With a store, the position is saved after the rows, so
 * that those of the last write may come again.
 */
export function streamDestination<T>({
  sink,
  format,
  interruption,
  positions,
}: StreamDestinationOptions<T>): Destination<T> {
  const writer = new FormatWriter(sink, format);
  return {
    target: sink.target,
    promises: 'at-least-once-by-key',
    open: async (_job, { signal }) => (positions ? positions.open(signal) : { fence: 1 }),
    async write(rows, position) {
      if (rows.length > 0) await interruption.deferUntil(writer.write(rows));
      if (!positions) return;
      await sink.sync();
      await positions.save(position);
    },
    async finish({ reason, totals }): Promise<Published> {
      const published = await writer.end();
      await sink.sync();
      // With a higher limit, the next run continues here.
      if (reason === 'exhausted') await positions?.clear();
      // Of a run that was resumed, this process has written a part.
      return { ...(totals.resumed > 0 ? {} : published), writtenThrough: true };
    },
    close: async () => positions?.close(),
  };
}
