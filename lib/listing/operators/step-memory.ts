import type { Cursor } from '../../core/cursor.js';
import { DigestLog } from '../pages/digest-log.js';
import type { GivenPart } from '../traversal/position.js';
import type { Frame } from './frame-stack.js';
import type { Slot, Step } from './step.js';

interface StepMemoryOptions {
  /** How many operators stand before these; a cursor names them by their place. */
  readonly position: number;
  /** The cursor the traversal goes on from. */
  readonly from: Cursor | undefined;
  /** What an operator at a place sets a limit by. */
  readonly limit: (place: number, when: 'before' | 'after') => void;
}

/** Where a cursor is that is asked of a chain. */
export interface ChainPlace {
  /** Whether it is behind the item read last, or in front of it. */
  readonly isBehind: boolean;
  /** Whether it is on the page where an earlier run left off: what has not come there by its end hardly will. */
  readonly isOnResumedPage: boolean;
}

/** What a cursor remembers of a chain: what its operators have counted, and what its flatMaps gave of the item in work. */
export class StepMemory {
  readonly slots: readonly Slot[];
  readonly #names: readonly string[];
  /** The places of the operators that count. */
  readonly #counting: readonly number[];
  /** The counts in front of the item in work. */
  #noted: readonly number[] = [];
  /** What the flatMap at each place gave of a value in an earlier run, until that value comes. */
  readonly #resumed: (GivenPart | undefined)[];
  /** What the flatMap at each place gave of a value whose iterable failed: it is opened anew. */
  readonly #failed: (GivenPart | undefined)[] = [];

  constructor(steps: readonly Step[], { position, from, limit }: StepMemoryOptions) {
    this.#names = steps.map(({ name }, place) => `${position + place}.${name}`);
    this.#counting = steps.flatMap(({ counts }, place) => (counts ? [place] : []));
    this.#resumed = this.#names.map((name) => givenBefore(name, from?.given?.[name]));
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

  /** What a flatMap gave before, of the value it opens now or of one that is still to come. */
  givenAt(place: number): GivenPart | undefined {
    return this.#failed[place] ?? this.#resumed[place];
  }

  /** A flatMap has opened a value; whether it is the one of which this was given. */
  noteOpened(place: number, given: GivenPart | undefined, isSame: boolean): void {
    // A value that failed is the next to be opened, if ever.
    this.#failed[place] = undefined;
    if (isSame && this.#resumed[place] === given) this.#resumed[place] = undefined;
  }

  /** Keeps what came of a value that is to be opened again. */
  keepGiven(frame: Frame): void {
    this.#failed[frame.entry - 1] = this.#givenOf(frame);
  }

  /** For a cursor at a place, with these iterables open. */
  read(
    frames: readonly Frame[],
    { isBehind, isOnResumedPage }: ChainPlace,
  ): { counts: Record<string, number>; given: GivenPart[] } {
    const now = this.now();
    const countsAt = (place: number) => {
      const frame = frames.findLast(({ entry }) => entry <= place);
      if (frame) return frame.isOpen ? frame.noted : now;
      return isBehind ? now : this.#noted;
    };
    // Where there is one in work and one still to come, the one in work is remembered.
    const resumed = isOnResumedPage ? this.#resumed : [];
    const given = [...resumed, ...this.#failed, ...frames.map((frame) => this.#givenOf(frame))];
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
