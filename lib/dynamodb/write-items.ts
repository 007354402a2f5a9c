import { onAbort } from '../core/abort.js';
import type { RowItem } from './row-items.js';

interface WriteItemsOptions {
  /** Writes one batch, all of it; `nth` counts them from 0. */
  readonly write: (batch: readonly RowItem[], signal: AbortSignal, nth: number) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Writes items in batches, several at once. After a failure nothing more is sent; it rejects when no request is under way any
 * more, with the first error.
 */
export async function writeItems(
  items: readonly RowItem[],
  { write, signal }: WriteItemsOptions,
): Promise<void> {
  const batches = batchesOf(items);
  const stop = new AbortController();
  const unlink = onAbort(signal, (reason) => stop.abort(reason));
  const errors: unknown[] = [];
  let sent = 0;
  const work = async () => {
    for (const batch of batches) {
      if (stop.signal.aborted) return;
      try {
        await write(batch, stop.signal, sent++);
      } catch (error) {
        errors.push(error);
        stop.abort(error);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    unlink();
  }
  signal.throwIfAborted();
  if (errors.length > 0) throw errors[0];
}

/** At 10 ms each, four requests at once write 10,000 rows a second, more than a listing delivers. */
const AT_ONCE = 4;

/** "BatchWriteItem" in the API reference: at most 25 items, and 16 MB of data. */
const MOST_ITEMS = 25;
/** A size is up to an eighth of what is sent. */
const MOST_SIZE = (16 * 1024 * 1024) / 8;

/** One generator for all workers: each batch is taken once. */
function* batchesOf(items: readonly RowItem[]): Generator<readonly RowItem[], void, void> {
  let batch: RowItem[] = [];
  let size = 0;
  for (const item of items) {
    if (batch.length === MOST_ITEMS || (batch.length > 0 && size + item.size > MOST_SIZE)) {
      yield batch;
      batch = [];
      size = 0;
    }
    batch.push(item);
    size += item.size;
  }
  if (batch.length > 0) yield batch;
}
