import { fingerprint } from '../../core/fingerprint.js';

/** Tokens up to this length are kept as they are; a longer one, and some are a kilobyte long, by its fingerprint. */
const LONGEST_KEPT = 64;

/**
 * The tokens a traversal has been at. Two long tokens of a million are taken for one with a chance of about 1 in
 * 18,000; the traversal then fails and loses nothing.
 */
export class TokenLog {
  readonly #visited = new Set<string>();
  /** Those of pages asked for and not given out, oldest first. */
  #ahead: string[] = [];

  /** Enters a token that is about to be used; false: it was used before. */
  enter(token: string): boolean {
    const id = idOf(token);
    const { size } = this.#visited;
    if (this.#visited.add(id).size === size) return false;
    this.#ahead.push(id);
    return true;
  }

  /** Whether a page at this token was already given out. */
  wasDelivered(token: string): boolean {
    const id = idOf(token);
    return this.#visited.has(id) && !this.#ahead.includes(id);
  }

  /** The page of the oldest token is given out. */
  delivered(): void {
    this.#ahead.shift();
  }

  /** Forgets the pages asked for and not given out: they will be fetched again. */
  forgetAhead(): void {
    for (const id of this.#ahead) this.#visited.delete(id);
    this.#ahead = [];
  }

  /** The listing begins anew: the token entered last was refused; pages asked for before that are still given out. */
  restart(): void {
    this.#visited.clear();
    this.#ahead.pop();
  }
}

function idOf(token: string): string {
  return token.length <= LONGEST_KEPT ? token : fingerprint(token);
}
