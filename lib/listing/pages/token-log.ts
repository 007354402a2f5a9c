import type { CycleCheck } from '../../core/cursor-shape.js';
import { DigestSet } from './digest-set.js';

/**
 * The tokens a traversal has used, by their digests. Two tokens of a million share a digest with a chance of about
 * 1 in 18,000; the traversal then fails and loses nothing.
 */
export class TokenLog {
  /** Those of delivered pages. */
  #delivered = new DigestSet();
  /** Those of pages asked for and not delivered, oldest first; undefined for one that the listing forgot at a restart. */
  #ahead: (number | undefined)[] = [];

  /** How many tokens were used since the listing began, or started over. */
  get size(): number {
    return this.#delivered.size + this.#ahead.length;
  }

  /** Whether a token of this digest was used. */
  has(id: number): boolean {
    return this.#delivered.has(id) || this.#ahead.includes(id);
  }

  /** Enters the digest of a token that is about to be used for the first time. */
  enter(id: number): void {
    this.#ahead.push(id);
  }

  /** The page of the oldest token is delivered. */
  delivered(): void {
    // Nearly always the only one: shift would drop the array's store, and the next push allocate another.
    const id = this.#ahead.length === 1 ? this.#ahead.pop() : this.#ahead.shift();
    if (id !== undefined) this.#delivered.add(id);
  }

  /** Forgets the pages asked for and not delivered: they will be fetched again. */
  forgetAhead(): void {
    this.#ahead = [];
  }

  /** The listing starts over: the token entered last was rejected; pages asked for before it are still delivered. */
  restart(): void {
    this.#delivered = new DigestSet();
    this.#ahead = this.#ahead.slice(1).map(() => undefined);
  }
}

/**
 * One step of Brent's algorithm (R. P. Brent, 1980), which finds a cycle of any length with one remembered token: for
 * cursors, because a log of all tokens would grow with the listing. Undefined: the token repeats.
 */
export function nextCycleCheck(cycle: CycleCheck | undefined, id: number): CycleCheck | undefined {
  if (!cycle) return { token: id, steps: 0, limit: 1 };
  const { token, limit } = cycle;
  if (token === id) return undefined;
  const steps = cycle.steps + 1;
  return steps < limit ? { token, steps, limit } : { token: id, steps: 0, limit: 2 * limit };
}
