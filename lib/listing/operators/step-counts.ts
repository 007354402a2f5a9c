import type { Cursor } from '../../core/cursor-shape.js';
import type { Slot, Step } from './step.js';

interface Counter {
  readonly name: string;
  readonly slot: { count: number };
}

/** What the operators of a chain have counted: now, and before the item taken last. */
export class StepCounts {
  readonly #slots: readonly { count: number }[];
  /** The operators whose counts cursors contain. */
  readonly #counters: readonly Counter[];
  #before: readonly number[] = [];

  /** `names`: those of the operators as a cursor has them, place and name; `from`: the cursor the traversal was opened at. */
  constructor(steps: readonly Step[], names: readonly string[], from: Cursor | undefined) {
    this.#slots = names.map((name) => ({ count: from?.counts?.[name] ?? 0 }));
    this.#counters = this.#slots.flatMap((slot, place) =>
      steps[place]?.counts ? [{ name: names[place] as string, slot }] : [],
    );
  }

  get isEmpty(): boolean {
    return this.#counters.length === 0;
  }

  at(place: number): number {
    return (this.#slots[place] as Slot).count;
  }

  slot(place: number, limit: Slot['limit']): Slot {
    return Object.assign(this.#slots[place] as Counter['slot'], { limit });
  }

  /** An item is about to be taken. */
  note(): void {
    this.#before = this.#counters.map(({ slot }) => slot.count);
  }

  /** The item taken last comes again. */
  restore(): void {
    for (const [i, { slot }] of this.#counters.entries()) slot.count = this.#before[i] ?? 0;
  }

  /** For a cursor before the item taken last, or after it. */
  read(isAfter: boolean): Record<string, number> {
    return Object.fromEntries(
      this.#counters.map(({ name, slot }, i) => [name, isAfter ? slot.count : (this.#before[i] ?? 0)]),
    );
  }
}
