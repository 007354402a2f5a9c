import type { Cursor } from '../cursor.js';
import { DigestLog } from './digest-log.js';
import type { Frame } from './frame-stack.js';
import type { GivenPart } from './mark.js';
import type { Slot, Step } from './steps/step.js';

interface StepMemoryOptions {
  /** How many operators stand before these; a cursor names them by their place. */
  readonly position: number;
  /** The cursor the traversal goes on from. */
  readonly from: Cursor | undefined;
  /** What an operator at a place sets a limit by. */
  readonly limit: (place: number, when: 'before' | 'after') => void;
}

/** What a cursor remembers of a chain: what its operators have counted, and what its flatMaps gave of the item in work. */
export class StepMemory {
  readonly slots: readonly Slot[];
  readonly #names: readonly string[];
  /** The places of the operators that count. */
  readonly #counting: readonly number[];
  /** The counts in front of the item in work. */
  #noted: readonly number[] = [];
  /** What the flatMap at each place gave before of the value it is to open next. */
  readonly #given: (GivenPart | undefined)[];

  constructor(steps: readonly Step[], { position, from, limit }: StepMemoryOptions) {
    this.#names = steps.map(({ name }, place) => `${position + place}.${name}`);
    this.#counting = steps.flatMap(({ counts }, place) => (counts ? [place] : []));
    this.#given = this.#names.map((name) => givenBefore(name, from?.given?.[name]));
    this.slots = this.#names.map((name, place) => ({
      count: from?.counts?.[name] ?? 0,
      limit: (when) => limit(place, when),
    }));
  }

  /** What is counted now. */
  now(): readonly number[] {
    return this.#counting.map((place) => (this.slots[place] as Slot).count);
  }

  /** Keeps what is counted in front of the next item. */
  note(): void {
    this.#noted = this.now();
  }

  /** What a flatMap gave before of the value it opens now; said once, for it is of no other value. */
  takeGiven(place: number): GivenPart | undefined {
    const given = this.#given[place];
    this.#given[place] = undefined;
    return given;
  }

  /** Keeps what came of a value that is to be opened again. */
  keepGiven(frame: Frame): void {
    this.#given[frame.entry - 1] = this.#givenOf(frame);
  }

  /** For a cursor behind the item read last, or in front of it, with these iterables of it open. */
  read(frames: readonly Frame[], isBehind: boolean): { counts: Record<string, number>; given: GivenPart[] } {
    const now = this.now();
    const countsAt = (place: number) => {
      const frame = frames.findLast(({ entry }) => entry <= place);
      if (frame) return frame.isOpen ? frame.noted : now;
      return isBehind ? now : this.#noted;
    };
    const given = [...frames.map((frame) => this.#givenOf(frame)), ...this.#given];
    return {
      counts: Object.fromEntries(
        this.#counting.map((place, i) => [this.#names[place] as string, countsAt(place)[i] ?? 0]),
      ),
      // The first of the log is the opened value itself.
      given: given.filter((part) => part !== undefined).filter(({ count, rest }) => count > 1 || rest !== ''),
    };
  }

  #givenOf({ entry, digests, log, isOpen, owed }: Frame): GivenPart {
    const name = this.#names[entry - 1] as string;
    return { name, digests, count: log.length - (isOpen ? 1 : 0), rest: owed?.rest ?? '' };
  }
}

/** What a cursor says that a flatMap gave of the value it opens first. */
function givenBefore(name: string, digests: string | undefined): GivenPart | undefined {
  if (digests === undefined) return undefined;
  const log = DigestLog.from(digests);
  return { name, digests: log, count: log.length, rest: '' };
}
