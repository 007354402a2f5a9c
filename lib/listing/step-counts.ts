import type { Slot, Step } from './steps/step.js';

/** What the counting operators of a chain have counted: now, and in front of the value in work. */
export class StepCounts {
  readonly #slots: readonly Slot[];
  readonly #places: readonly number[];
  readonly #names: readonly string[];
  #noted: readonly number[] = [];

  /** Counts are named by the place of their operator; `position` is the place of the first. */
  constructor(steps: readonly Step[], slots: readonly Slot[], position: number) {
    this.#places = steps.flatMap(({ counts }, place) => (counts ? [place] : []));
    this.#slots = this.#places.map((place) => slots[place] as Slot);
    this.#names = this.#places.map((place) => stepName(steps[place] as Step, position + place));
  }

  /** The counts as they are now. */
  now(): readonly number[] {
    return this.#slots.map(({ count }) => count);
  }

  /** Keeps the counts as they are in front of the next value. */
  note(): void {
    this.#noted = this.now();
  }

  /** As they were kept. */
  get noted(): readonly number[] {
    return this.#noted;
  }

  /** The counts for a cursor, each as `sourceOf` its operator's place has it. */
  read(sourceOf: (place: number) => readonly number[]): Record<string, number> {
    return Object.fromEntries(
      this.#places.map((place, i) => [this.#names[i] as string, sourceOf(place)[i] ?? 0]),
    );
  }
}

/** The name of an operator in a cursor. */
export function stepName({ name }: Step, place: number): string {
  return `${place}.${name}`;
}
