import type { Clock } from '../../core/clock.js';
import type { Cursor } from '../../core/cursor.js';
import { Scope } from '../../core/scope.js';
import type { Checkpointer } from './checkpointer.js';
import { withinGrace } from './within-grace.js';

interface PositionKeeperOptions {
  readonly checkpointer: Checkpointer;
  readonly signals: readonly AbortSignal[];
  readonly clock: Clock;
}

/** Keeps the position of a traversal with a checkpointer, and decides when: before each fetch, when it is due, at the end. */
export class PositionKeeper {
  readonly #options: PositionKeeperOptions;
  /** Whether a value was taken and not delivered, because the save in front of it failed. */
  #isWithheld = false;
  /** Pages received when the position was saved last. */
  #pagesSaved = 0;

  constructor(options: PositionKeeperOptions) {
    this.#options = options;
  }

  /** Whether a save is due before another value is delivered. */
  get isDue(): boolean {
    return this.#options.checkpointer.isDue;
  }

  /** Resolves to the position that was kept last, and to whether a value behind it was taken and not delivered. */
  async open(scope: Scope): Promise<{ readonly from: Cursor | undefined; readonly wasWithheld: boolean }> {
    const from = await this.#options.checkpointer.open(scope);
    const wasWithheld = this.#isWithheld;
    this.#isWithheld = false;
    return { from, wasWithheld };
  }

  /** The traversal starts again at the position that is kept, with no page received. */
  restart(): void {
    this.#pagesSaved = 0;
  }

  /** Saves the position before a page is fetched, unless no page has come since the last save. */
  async saveBehindPage(scope: Scope, pages: number, cursor: () => Cursor): Promise<void> {
    if (pages !== this.#pagesSaved) await this.#save(scope, pages, cursor);
  }

  /** Saves the position in front of a value; if that fails, the value is withheld. */
  async saveBeforeDelivery(scope: Scope, pages: number, cursor: () => Cursor): Promise<void> {
    this.#isWithheld = true;
    await this.#save(scope, pages, cursor);
    this.#isWithheld = false;
  }

  /** Keeps the last position. Only an abort ends the wait for a store that hangs. */
  async close(lastCursor: () => Cursor): Promise<void> {
    const { checkpointer, signals, clock } = this.#options;
    const closed = checkpointer.close(lastCursor);
    const scope = new Scope(signals);
    scope.link();
    try {
      await scope.wait(() => closed);
    } catch (error) {
      if (!(scope.aborted && (await withinGrace(clock, closed)))) throw error;
    } finally {
      scope.unlink();
    }
  }

  #save(scope: Scope, pages: number, cursor: () => Cursor): Promise<void> {
    this.#pagesSaved = pages;
    return scope.wait(async () => this.#options.checkpointer.save(cursor()));
  }
}
