import { callbackError } from '../../core/callback-error.js';
import type { Cursor, OpenFlatMap } from '../../core/cursor-shape.js';
import { digest } from '../../core/fingerprint.js';
import type { Scope } from '../../core/scope.js';
import type { Position } from '../traversal/position.js';
import type { Content } from './content-of.js';
import { closeIterable, nextValue, type OpenIterable, openIterable } from './open-iterable.js';
import { NOTHING, type Nothing, type Stage, type Wanted } from './stage.js';

// An engine folds a constant of this module into the code, and looks an imported one up at every use.
const NONE: Nothing = NOTHING;

interface FlatMapStageOptions<S, T> {
  readonly mapper: (value: S, index: number) => Iterable<T>;
  /** The place of the operator in the chain, and its name. */
  readonly name: string;
  /** The cursor the traversal was opened at. */
  readonly from: Cursor | undefined;
  readonly scope: Scope;
}

/** An item whose values are being taken. */
interface ItemInWork<S> {
  readonly value: S;
  readonly index: number;
  /** Its content before the mapper saw it; undefined if positions do not tell which item a value came from. */
  readonly content: Content | undefined;
  digest: string | undefined;
}

/**
 * The values of one item after the other. Within an item, the position is the item and a count: how many of its values
 * are acknowledged. Whenever its iterable is opened again, after a failure or in another run, that many are skipped.
 */
export class FlatMapStage<S, T> implements Stage<T> {
  readonly isOrdered: boolean;
  readonly #upstream: Stage<S>;
  readonly #options: FlatMapStageOptions<S, T>;
  #item: ItemInWork<S> | undefined;
  /** Of that item; undefined until it is opened, and where it was closed. */
  #iterable: OpenIterable | undefined;
  #acknowledged = 0;
  /** Whether a value of the item was taken and is not acknowledged. */
  #isOut = false;
  #entered = 0;
  /** How far an earlier run was in an item that has not come yet: on its page, or not at all. */
  #earlier: OpenFlatMap | undefined;

  constructor(upstream: Stage<S>, options: FlatMapStageOptions<S, T>) {
    this.isOrdered = upstream.isOrdered;
    this.#upstream = upstream;
    this.#options = options;
    if (this.isOrdered) this.#earlier = options.from?.flat?.[options.name];
    // A failed traversal may never continue.
    options.scope.onPause(() => {
      if (!options.scope.isOver) this.#closeQuietly();
    });
  }

  get isLimited(): boolean {
    return !this.#item && this.#upstream.isLimited;
  }

  acknowledgeAndTake(): T | Nothing {
    this.acknowledge();
    const { scope } = this.#options;
    for (let item = this.#item ?? this.#takeItem(); item; item = this.#takeItem()) {
      const value = this.#next(item);
      // A callback has ended the traversal: what it gave comes again.
      if (scope.isOver) return NONE;
      if (value !== NONE) {
        this.#isOut = true;
        return value as T;
      }
      this.#item = undefined;
      this.#iterable = undefined;
    }
    return NONE;
  }

  acknowledge(): void {
    if (!this.#isOut) return;
    this.#isOut = false;
    this.#acknowledged++;
  }

  /** One item may become many values: if there is a limit, only one is sure to be wanted. */
  advance({ values, pages }: Wanted): Promise<boolean> {
    const items = values === Number.POSITIVE_INFINITY ? values : Math.min(values, 1);
    return this.#upstream.advance({ values: items, pages });
  }

  position(after = false): Position {
    const position = this.#upstream.position();
    const open = this.#openAt(position, after);
    return open ? { ...position, flat: { ...position.flat, [this.#options.name]: open } } : position;
  }

  /** A value is recognised by its item and its number. */
  contentOf(): Content {
    const { content = NO_CONTENT } = this.#item ?? {};
    const nth = this.#acknowledged;
    return () => JSON.stringify([content(), nth]);
  }

  close(): void {
    try {
      this.#closeIterable();
    } catch (error) {
      throw callbackError(error, 'flatMap');
    } finally {
      this.#upstream.close();
    }
  }

  /** The next item that is ready. */
  #takeItem(): ItemInWork<S> | undefined {
    const value = this.#upstream.acknowledgeAndTake();
    if (value === NONE) return undefined;
    // The mapper may change the item.
    const content = this.isOrdered ? this.#upstream.contentOf(value) : undefined;
    this.#item = { value, index: this.#entered++, content, digest: undefined };
    this.#acknowledged = this.#earlier ? this.#takeEarlier(this.#item) : 0;
    return this.#item;
  }

  /** How many values of the item an earlier run acknowledged. */
  #takeEarlier(item: ItemInWork<S>): number {
    const earlier = this.#earlierAt(this.#upstream.position());
    const isIt = earlier?.item === digestOf(item);
    this.#earlier = isIt ? undefined : earlier;
    return isIt ? earlier.count : 0;
  }

  /**
   * Forgotten after the page where it stopped. That page may come again in parts; then once as many items have come.
   */
  #earlierAt({ place, items }: Position): OpenFlatMap | undefined {
    const { token, offset = 0, pageSize = 0 } = this.#options.from ?? {};
    return place.token === token || items < pageSize - offset ? this.#earlier : undefined;
  }

  /** The next value of the item; NOTHING if there is none. */
  #next(item: ItemInWork<S>): unknown {
    try {
      this.#iterable ??= this.#open(item);
      return nextValue(this.#iterable);
    } catch (error) {
      // What it says to being closed is not what went wrong.
      this.#closeQuietly();
      throw callbackError(error, 'flatMap');
    }
  }

  /** Skips what is acknowledged. */
  #open({ value, index }: ItemInWork<S>): OpenIterable {
    const { mapper, scope } = this.#options;
    const iterable = openIterable(mapper(value, index));
    this.#iterable = iterable;
    for (let left = this.#acknowledged; left > 0 && !scope.isOver; left--) {
      if (nextValue(iterable) === NONE) break;
    }
    return iterable;
  }

  #openAt(position: Position, after: boolean): OpenFlatMap | undefined {
    const count = this.#acknowledged + Number(after && this.#isOut);
    // If one item is in work and an earlier one still to come, the one in work is remembered.
    if (!this.#item || count === 0) return this.#earlierAt(position);
    return this.isOrdered ? { item: digestOf(this.#item), count } : undefined;
  }

  #closeQuietly(): void {
    try {
      this.#closeIterable();
    } catch {}
  }

  /** Its item stays where it is. */
  #closeIterable(): void {
    const iterable = this.#iterable;
    this.#iterable = undefined;
    if (iterable) closeIterable(iterable);
  }
}

function digestOf<S>(item: ItemInWork<S>): string {
  item.digest ??= digest(item.content?.() ?? '').toString(36);
  return item.digest;
}

const NO_CONTENT = () => '';
