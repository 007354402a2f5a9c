import { callbackError } from './callback-error.js';
import { NOTHING } from './flow.js';

/** An iterable that flatMap opened: its values enter the chain at the operator behind it. */
interface Frame {
  readonly values: Iterator<unknown>;
  readonly entry: number;
  /** The value in work; kept until its operators are through, so that it comes again if one of them threw. */
  held: unknown;
}

/** The iterables that the flatMaps of a chain have open, the innermost on top. */
export class FrameStack {
  readonly #frames: Frame[] = [];

  get length(): number {
    return this.#frames.length;
  }

  push(values: Iterator<unknown>, entry: number): void {
    this.#frames.push({ values, entry, held: NOTHING });
  }

  /**
   * The innermost iterable that has a value left, the value held; undefined where none has. A limit set behind an
   * iterable ends it, one in front of it lets it run out.
   */
  top(limitAt: number): Frame | undefined {
    for (let frame = this.#frames.at(-1); frame; frame = this.#frames.at(-1)) {
      if (limitAt >= frame.entry) frame.values.return?.();
      else if (frame.held !== NOTHING || this.#read(frame)) return frame;
      this.#frames.pop();
    }
    return undefined;
  }

  close(): void {
    for (const frame of this.#frames.splice(0)) frame.values.return?.();
  }

  #read(frame: Frame): boolean {
    try {
      const { done, value } = frame.values.next();
      if (!done) frame.held = value;
      return !done;
    } catch (error) {
      this.#frames.pop();
      throw callbackError(error, 'flatMap');
    }
  }
}
