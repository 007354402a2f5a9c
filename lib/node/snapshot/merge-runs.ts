import type { FileHandle } from 'node:fs/promises';
import { readRange } from './read-range.js';
import { RowReader } from './row-reader.js';

/** A range of a file that holds sorted rows. */
export interface Run {
  readonly start: number;
  readonly end: number;
}

const CHUNK_BYTES = 262_144;

/** Merges the sorted runs of one file and yields the result in chunks. A key in several runs comes from the last one. */
export async function* mergeRuns(file: FileHandle, runs: readonly Run[]): AsyncGenerator<Buffer, void, void> {
  const queue = new RunQueue();
  for (const [index, run] of runs.entries()) {
    await queue.add({ index, reader: new RowReader(readRange(file, run)) });
  }
  let chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let filled = 0;
  for (let run = queue.shift(); run; run = queue.shift()) {
    const { reader } = run;
    if (filled + reader.size > chunk.length) {
      if (filled > 0) yield chunk.subarray(0, filled);
      chunk = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, reader.size));
      filled = 0;
    }
    filled += reader.copy(chunk, filled);
    for (let older = queue.shiftSame(reader); older; older = queue.shiftSame(reader)) await queue.add(older);
    await queue.add(run);
  }
  if (filled > 0) yield chunk.subarray(0, filled);
}

interface QueuedRun {
  /** The index of the run: of two runs with the same key, the higher one has the later item. */
  readonly index: number;
  readonly reader: RowReader;
}

/** Runs sorted by their current key; of equal keys, the latest run comes first. */
class RunQueue {
  readonly #runs: QueuedRun[] = [];

  /** Moves a run to its next row and queues it; drops a run that has no more rows. */
  add(run: QueuedRun): Promise<void> | undefined {
    if (run.reader.advance()) this.#insert(run);
    else
      return run.reader.fill().then((more) => {
        if (more) this.#insert(run);
      });
    return undefined;
  }

  shift(): QueuedRun | undefined {
    return this.#runs.shift();
  }

  /** The next run, if its current key is the same. */
  shiftSame(reader: RowReader): QueuedRun | undefined {
    return this.#runs[0]?.reader.compareKey(reader) === 0 ? this.#runs.shift() : undefined;
  }

  #insert(run: QueuedRun): void {
    let [low, high] = [0, this.#runs.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#runs[middle];
      const order = other ? run.reader.compareKey(other.reader) || other.index - run.index : -1;
      if (order > 0) low = middle + 1;
      else high = middle;
    }
    this.#runs.splice(low, 0, run);
  }
}
