import { ConformanceError } from './conformance-error.js';
import type { Item, Walk } from './pager.js';
import type { Patience } from './patience.js';
import type { ScriptedPages } from './scripted-pages.js';

/** A walk in the hand of a check: every wait has an end, and so has every loop. */
export class WatchedWalk {
  readonly #walk: Walk;
  readonly #iterator: AsyncIterator<Item>;
  readonly #service: ScriptedPages<Item>;
  readonly #patience: Patience;

  constructor(walk: Walk, service: ScriptedPages<Item>, patience: Patience) {
    this.#walk = walk;
    this.#iterator = walk[Symbol.asyncIterator]();
    this.#service = service;
    this.#patience = patience;
  }

  /** Where the walk stands, as another process would read it. */
  get cursor(): unknown {
    const text = JSON.stringify(this.#walk.cursor);
    return text === undefined ? undefined : JSON.parse(text);
  }

  /** Fails where the pager loops or hangs, else as the pager does. */
  async next(): Promise<IteratorResult<Item>> {
    try {
      return await this.#patience.wait(this.ask(), 'the next item');
    } finally {
      this.#assertNoLoop();
    }
  }

  /** `next()` as the pager has it, unwatched. */
  ask(): Promise<IteratorResult<Item>> {
    return this.#iterator.next();
  }

  /** What a `break` does. */
  async leave(): Promise<void> {
    await this.#patience.atOnce(Promise.resolve(this.#iterator.return?.()), 'the end of return()');
  }

  /** The ids of the next items, fewer where there are no more. */
  async take(count: number): Promise<string[]> {
    const ids: string[] = [];
    while (ids.length < count) {
      const { done, value } = await this.next();
      if (done) break;
      ids.push(value.id);
    }
    return ids;
  }

  /** All that is still to come; an error of the pager's is a promise not kept. */
  async rest(): Promise<string[]> {
    try {
      return await this.take(Number.POSITIVE_INFINITY);
    } catch (error) {
      throw asFailure(error);
    }
  }

  /** What came before the walk failed, and how it did; no error where it said to be complete. */
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
    throw new ConformanceError('loops', `it sent ${this.#service.requests.length} requests and no end of it`);
  }
}

function asFailure(error: unknown): ConformanceError {
  if (error instanceof ConformanceError) return error;
  return new ConformanceError('fails', `it gave up: ${error}`, { cause: error });
}
