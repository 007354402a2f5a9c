import type { Cursor } from '../../core/cursor-shape.js';
import type { Slot, Step } from './step.js';

interface StepCountsOptions {
  /** The names of the operators as a cursor has them: place and name. */
  readonly names: readonly string[];
  /** The cursor the traversal was opened at. */
  readonly from: Cursor | undefined;
  /** Sets a limit at an operator. */
  readonly limit: (place: number, when: 'before' | 'after') => void;
}

/** What the operators of a chain have counted. */
export class StepCounts {
  readonly slots: readonly Slot[];
  /** What they had counted in front of the item taken last. */
  beforeItem: readonly number[] = [];
  readonly #names: readonly string[];
  /** The places of the operators that count. */
  readonly #counting: readonly number[];

  constructor(steps: readonly Step[], { names, from, limit }: StepCountsOptions) {
    this.#names = names;
    this.#counting = steps.flatMap(({ counts }, place) => (counts ? [place] : []));
    this.slots = names.map((name, place) => ({
      count: from?.counts?.[name] ?? 0,
      limit: (when) => limit(place, when),
    }));
  }

  get isEmpty(): boolean {
    return this.#counting.length === 0;
  }

  at(place: number): number {
    return (this.slots[place] as Slot).count;
  }

  now(): readonly number[] {
    return this.#counting.map((place) => this.at(place));
  }

  /** For a cursor, by name: for each operator, what `countsAt` says is to be read. */
  read(countsAt: (place: number) => readonly number[]): Record<string, number> {
    return Object.fromEntries(
      this.#counting.map((place, i) => [this.#names[place] as string, countsAt(place)[i] ?? 0]),
    );
  }

  restore(counts: Readonly<Record<string, number>>): void {
    for (const place of this.#counting) {
      (this.slots[place] as Slot).count = counts[this.#names[place] as string] ?? 0;
    }
  }
}
