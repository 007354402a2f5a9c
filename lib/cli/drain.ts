import type { Interruption } from './interruption.js';
import type { Sink } from './output/sink.js';

/** Writes record after record, until there are no more or the command is interrupted. */
export async function drain<T>(records: AsyncIterable<T>, sink: Sink<T>, stop: Interruption): Promise<void> {
  for await (const record of records) {
    // Not written, so not acknowledged: it is the first of the next run.
    if (stop.isRequested) break;
    const written = sink.write(record);
    if (written) await stop.hold(written);
  }
}
