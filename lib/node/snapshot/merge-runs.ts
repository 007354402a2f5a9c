import type { FileHandle } from 'node:fs/promises';
import { readRange } from './read-range.js';
import { RowReader } from './row-reader.js';

/** Where in a file sorted rows lie. */
export interface Run {
  readonly start: number;
  readonly end: number;
}

const CHUNK_BYTES = 262_144;

/** Merges sorted runs of one file into one, in chunks. A key that is in several comes from the last of them. */
export async function* mergeRuns(file: FileHandle, runs: readonly Run[]): AsyncGenerator<Buffer, void, void> {
  const queue = new RunQueue();
  for (const [age, run] of runs.entries()) {
    await queue.add({ age, reader: new RowReader(readRange(file, run)) });
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

interface RunInHand {
  readonly age: number;
  readonly reader: RowReader;
}

/** Runs by the row in hand; where keys are equal the youngest first. */
class RunQueue {
  readonly #runs: RunInHand[] = [];

  /** Puts a run in its place by its next row, or leaves it out where it has none. */
  add(run: RunInHand): Promise<void> | undefined {
    if (run.reader.advance()) this.#insert(run);
    else
      return run.reader.fill().then((more) => {
        if (more) this.#insert(run);
      });
    return undefined;
  }

  shift(): RunInHand | undefined {
    return this.#runs.shift();
  }

  /** The next run if it has the same key in hand. */
  shiftSame(reader: RowReader): RunInHand | undefined {
    return this.#runs[0]?.reader.compareKey(reader) === 0 ? this.#runs.shift() : undefined;
  }

  #insert(run: RunInHand): void {
    let [low, high] = [0, this.#runs.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#runs[middle];
      const order = other ? run.reader.compareKey(other.reader) || other.age - run.age : -1;
      if (order > 0) low = middle + 1;
      else high = middle;
    }
    this.#runs.splice(low, 0, run);
  }
}
