import type { Slot, Step } from './steps/step.js';

/** What the counting operators of a chain have counted: now, and in front of the value in work. */
export class StepCounts {
  readonly #slots: readonly Slot[];
  readonly #names: readonly string[];
  readonly #noted: number[] = [];

  /** Counts are named by the place of their operator; `position` is the place of the first. */
  constructor(steps: readonly Step[], slots: readonly Slot[], position: number) {
    const counting = steps.flatMap(({ counts }, place) => (counts ? [place] : []));
    this.#slots = counting.map((place) => slots[place] as Slot);
    this.#names = counting.map((place) => countName(steps[place] as Step, position + place));
  }

  get length(): number {
    return this.#slots.length;
  }

  /** Keeps the counts as they are in front of the next value. */
  note(): void {
    for (let i = 0; i < this.#slots.length; i++) this.#noted[i] = (this.#slots[i] as Slot).count;
  }

  /** The counts for a cursor: as they are behind the last value, or as they were noted in front of it. */
  read(isBehind: boolean): Record<string, number> {
    return Object.fromEntries(
      this.#slots.map(({ count }, i) => [this.#names[i] as string, isBehind ? count : (this.#noted[i] ?? 0)]),
    );
  }
}

/** The name of an operator's count in a cursor. */
export function countName({ name }: Step, place: number): string {
  return `${place}.${name}`;
}
