import { ConformanceError } from './conformance-error.js';
import type { Item, Walk } from './pager.js';
import type { ScriptedPages } from './scripted-pages.js';
import type { Timeouts } from './timeouts.js';

/** A walk as a check drives it: hangs and endless loops are detected. */
export class WatchedWalk {
  readonly #walk: Walk;
  readonly #iterator: AsyncIterator<Item>;
  readonly #service: ScriptedPages<Item>;
  readonly #timeouts: Timeouts;

  constructor(walk: Walk, service: ScriptedPages<Item>, timeouts: Timeouts) {
    this.#walk = walk;
    this.#iterator = walk[Symbol.asyncIterator]();
    this.#service = service;
    this.#timeouts = timeouts;
  }

  /** The cursor as another process would read it. */
  get cursor(): unknown {
    const text = JSON.stringify(this.#walk.cursor);
    return text === undefined ? undefined : JSON.parse(text);
  }

  /** Fails if the pager loops or hangs; otherwise settles as the pager does. */
  async next(): Promise<IteratorResult<Item>> {
    try {
      return await this.#timeouts.wait(this.nextUnguarded(), 'the next item');
    } finally {
      this.#assertNoLoop();
    }
  }

  /** The pager's own `next()`. */
  nextUnguarded(): Promise<IteratorResult<Item>> {
    return this.#iterator.next();
  }

  /** Does what a `break` does. */
  async stop(): Promise<void> {
    await this.#timeouts.promptly(Promise.resolve(this.#iterator.return?.()), 'the end of return()');
  }

  /** The ids of up to `count` more items. */
  async take(count: number): Promise<string[]> {
    const ids: string[] = [];
    while (ids.length < count) {
      const { done, value } = await this.next();
      if (done) break;
      ids.push(value.id);
    }
    return ids;
  }

  /** The ids of all remaining items; an error of the pager is a violation. */
  async rest(): Promise<string[]> {
    try {
      return await this.take(Number.POSITIVE_INFINITY);
    } catch (error) {
      throw asViolation(error);
    }
  }

  /** The ids up to the error, and the error; without one, the walk ended as complete. */
  async untilError(): Promise<{ ids: string[]; error?: unknown }> {
    const ids: string[] = [];
    try {
      for (let one = await this.next(); !one.done; one = await this.next()) ids.push(one.value.id);
    } catch (error) {
      if (error instanceof ConformanceError) throw error;
      return { ids, error };
    }
    return { ids };
  }

  #assertNoLoop(): void {
    if (!this.#service.overrun) return;
    throw new ConformanceError('loops', `it sent ${this.#service.requests.length} requests without ending`);
  }
}

function asViolation(error: unknown): ConformanceError {
  if (error instanceof ConformanceError) return error;
  return new ConformanceError('fails', `it failed: ${error}`, { cause: error });
}
