import type { OpenFlatMap } from '../../core/cursor-shape.js';
import { digest } from '../../core/fingerprint.js';
import type { Content } from './content-of.js';

/** An item that a chain has in work, as the first flatMap found it. */
interface ItemInWork {
  readonly value: unknown;
  /** Its content before the mapper saw it; read only when a cursor is asked for. */
  readonly content: Content;
}

/** What was acknowledged of an item before the mapper runs on it again. */
interface Earlier {
  /** The item itself if it is still there, after a failure in the same run; else it is known by its digest. */
  readonly here?: { readonly value: unknown };
  readonly item: string;
  /** Values acknowledged, by the place of their flatMap. */
  readonly counts: ReadonlyMap<number, number>;
}

/**
 * How far the flatMaps of a chain were in an item when a run ended or failed. The mapper runs again on that item, and
 * the values acknowledged then are skipped: one count for each open flatMap, whatever it gave.
 */
export class FlatProgress {
  /** Of an item still to come. */
  #earlier: Earlier | undefined;
  #inWork: ItemInWork | undefined;
  #digest: string | undefined;
  /** Values to skip when a flatMap opens the item in work, by its place; taken once. */
  readonly #skips = new Map<number, number>();
  readonly #names: readonly string[];

  constructor(names: readonly string[], flat: Readonly<Record<string, OpenFlatMap>> = {}) {
    this.#names = names;
    const open = names.flatMap((name, place) => {
      const found = flat[name];
      return found ? [{ place, ...found }] : [];
    });
    const [first] = open;
    if (first) {
      this.#earlier = { item: first.item, counts: new Map(open.map(({ place, count }) => [place, count])) };
    }
  }

  /**
   * An item reaches the first flatMap, whose mapper may change it: here is its content before that. The item of an earlier
   * run is expected on the page where that run left off, and forgotten behind it.
   */
  begin(value: unknown, content: Content, isOnResumedPage: () => boolean): void {
    this.#inWork = { value, content };
    this.#digest = undefined;
    this.dropSkips();
    if (!this.#earlier) return;
    const { here, item, counts } = this.#earlier;
    if (!here && !isOnResumedPage()) {
      this.#earlier = undefined;
      return;
    }
    if (here ? here.value !== value : item !== this.#item) return;
    for (const [place, count] of counts) this.#skips.set(place, count);
    this.#earlier = undefined;
  }

  /** How many values the flatMap at a place skips, asked as it opens. */
  takeSkip(place: number): number {
    if (this.#skips.size === 0) return 0;
    const count = this.#skips.get(place) ?? 0;
    this.#skips.delete(place);
    return count;
  }

  /** A value of an open flatMap is done: what a flatMap behind it was to skip belonged to that value. */
  dropSkips(): void {
    if (this.#skips.size > 0) this.#skips.clear();
  }

  /** An item comes again; `counts`: what its open flatMaps have given that was acknowledged. */
  rewind(value: unknown, counts: ReadonlyMap<number, number>): void {
    // It may not have reached a flatMap yet.
    if (this.#inWork?.value !== value) return;
    this.#earlier = { here: { value }, item: this.#item, counts: new Map([...this.#skips, ...counts]) };
    this.#inWork = undefined;
  }

  /** For a cursor: of the item in work, or of one that is still to come. */
  read(
    counts: ReadonlyMap<number, number> | undefined,
    isOnResumedPage: boolean,
  ): Record<string, OpenFlatMap> {
    if (counts && this.#inWork) {
      const all = [...this.#skips, ...counts].filter(([, count]) => count > 0);
      // If one is in work and one still to come, the one in work is remembered.
      if (all.length > 0) return this.#named(this.#item, all);
    }
    if (!this.#earlier || !(this.#earlier.here || isOnResumedPage)) return {};
    return this.#named(
      this.#earlier.item,
      [...this.#earlier.counts].filter(([, count]) => count > 0),
    );
  }

  get #item(): string {
    this.#digest ??= digest(this.#inWork?.content() ?? '').toString(36);
    return this.#digest;
  }

  #named(item: string, counts: readonly (readonly [number, number])[]): Record<string, OpenFlatMap> {
    return Object.fromEntries(
      counts.map(([place, count]) => [this.#names[place] as string, { item, count }]),
    );
  }
}
