import { callbackError } from '../callback-error.js';
import { DigestLog, OwedDigests } from '../pages/digest-log.js';
import { type GivenPart, givenDigests } from '../traversal/position.js';
import { NOTHING, type Origin } from './flow.js';
import { keyOf, Opened } from './opened.js';

/** An iterable that flatMap opened: its values enter the chain at the operator behind it. */
export interface Frame {
  readonly values: Iterator<unknown>;
  /** The operator its values enter at. */
  readonly entry: number;
  /** The opened value, and behind it all that came of it so far. */
  readonly log: unknown[];
  readonly digests: DigestLog<unknown>;
  /** What of it was given before it was opened anew. */
  readonly owed: OwedDigests | undefined;
  /** The value in work; kept until its operators are through, so that it comes again if one of them threw. */
  held: unknown;
  /** Whether the last value of the log is not done with: in work, opened itself, or in the consumer's hand. */
  isOpen: boolean;
  /** What was counted in front of that value. */
  noted: readonly number[];
  /** Whether the iterable said that there is no more. */
  isDone: boolean;
}

interface FrameStackOptions {
  /** What the operators of the chain have counted. */
  readonly count: () => readonly number[];
  /** Whether nobody wants any more. */
  readonly isStopped: () => boolean;
  /** What a value in work came of, where it is of no iterable. */
  readonly origin: () => Origin;
}

/** The iterables that the flatMaps of a chain have open, the innermost on top. */
export class FrameStack {
  readonly #frames: Frame[] = [];
  readonly #options: FrameStackOptions;
  /** The one whose next value is asked for. */
  #reading: Frame | undefined;
  #isClosed = false;

  constructor(options: FrameStackOptions) {
    this.#options = options;
  }

  /** Those that were not read out, the innermost last; also behind a limit, for the rest of them comes in the next lot. */
  get frames(): readonly Frame[] {
    return this.#frames;
  }

  /** Whether the traversal was left, or a limit behind an iterable has cut it off. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether nothing comes of them any more. */
  get isOver(): boolean {
    return this.#isClosed || this.#frames.length === 0;
  }

  /** Opens an iterable. Whether it is of the value of which something was given before, which then is skipped. */
  push(values: Iterator<unknown>, entry: number, value: unknown, given: GivenPart | undefined): boolean {
    const opened = new Opened(value, this.origin());
    const log: unknown[] = [opened];
    const digests = new DigestLog<unknown>(log, keyOf);
    const isSame = given !== undefined && given.digests.first(1) === digests.first(1);
    const owed = isSame ? new OwedDigests(givenDigests(given)) : undefined;
    // The opened value is in there too.
    owed?.skip(opened.key);
    this.#frames.push({
      values,
      entry,
      log,
      digests,
      owed,
      held: NOTHING,
      isOpen: false,
      noted: [],
      isDone: false,
    });
    return isSame;
  }

  /** What the value in work came of. */
  origin(): Origin {
    const frame = this.#frames.at(-1);
    if (!frame) return this.#options.origin();
    const { log } = frame;
    const value = log.at(-1);
    return { value, key: () => JSON.stringify([keyOf(log[0]), keyOf(value)]) };
  }

  /**
   * The innermost iterable that has a value left, the value held; undefined where none has. A limit set behind an
   * iterable ends it, one in front of it lets it run out. Throws what an iterable throws, which is then on top.
   */
  top(limitAt: number): Frame | undefined {
    for (let frame = this.#frames.at(-1); frame && !this.#isClosed; frame = this.#frames.at(-1)) {
      if (limitAt >= frame.entry) this.close();
      else if (frame.held !== NOTHING || this.#pull(frame)) return frame;
      else if (this.#options.isStopped()) return undefined;
      else this.pop();
    }
    return undefined;
  }

  /** The consumer has asked for more than the value it has in hand. */
  acknowledge(): void {
    const frame = this.#frames.at(-1);
    if (frame?.held === NOTHING) frame.isOpen = false;
  }

  /** Takes the innermost off, which is read out or has failed. */
  pop(): Frame | undefined {
    const frame = this.#frames.pop();
    this.acknowledge();
    return frame;
  }

  /** Ends what is open, and keeps the place in it. Every iterable is closed, even if one of them says no. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const refusals: unknown[] = [];
    for (const frame of [...this.#frames].reverse()) {
      try {
        // One that is just being read has called for this itself: it is closed when it has answered.
        if (frame !== this.#reading && !frame.isDone) frame.values.return?.();
      } catch (error) {
        refusals.push(error);
      }
    }
    if (refusals.length > 0) throw callbackError(refusals[0], 'flatMap');
  }

  /** Whether there was another value to hold. */
  #pull(frame: Frame): boolean {
    frame.isOpen = false;
    frame.noted = this.#options.count();
    for (let next = this.#next(frame); !next.done; next = this.#next(frame)) {
      if (this.#options.isStopped()) {
        // It stopped the traversal itself: what it gave at that comes again. Nobody is left to hear whether it will be closed.
        if (this.#isClosed) frame.values.return?.();
        return false;
      }
      frame.log.push(next.value);
      if (frame.owed?.skip(keyOf(next.value))) continue;
      frame.held = next.value;
      frame.isOpen = true;
      return true;
    }
    frame.isDone = true;
    return false;
  }

  #next(frame: Frame): IteratorResult<unknown> {
    this.#reading = frame;
    try {
      return frame.values.next();
    } finally {
      this.#reading = undefined;
    }
  }
}
