import { digest } from '../fingerprint.js';
import type { KeyOf } from './key.js';

/** Digests stand side by side, each in so many base-36 digits: 2^53 needs 11. */
const DIGITS = 11;

/** The digests of values in the order they come, for a cursor: made only where somebody asks, and each once. */
export class DigestLog<T> {
  readonly #values: readonly T[];
  readonly #keyOf: KeyOf<T>;
  #digests = '';
  #count = 0;

  /** The array may grow behind what was asked for. */
  constructor(values: readonly T[], keyOf: KeyOf<T>) {
    this.#values = values;
    this.#keyOf = keyOf;
  }

  /** The digests of the first values. */
  first(count: number): string {
    while (this.#count < count) this.#digests += digestOf(this.#keyOf(this.#values[this.#count++] as T));
    return this.#digests.slice(0, count * DIGITS);
  }
}

/** What an earlier run was given, by its digests: each is skipped once. */
export class OwedDigests {
  readonly #owed = new Map<string, number>();

  constructor(digests: string) {
    for (let i = 0; i < digests.length; i += DIGITS) {
      const one = digests.slice(i, i + DIGITS);
      this.#owed.set(one, (this.#owed.get(one) ?? 0) + 1);
    }
  }

  /** Whether the value of a key was given before; it is not owed a second time then. */
  skip(key: string): boolean {
    const one = digestOf(key);
    const left = this.#owed.get(one) ?? 0;
    if (left > 0) this.#owed.set(one, left - 1);
    return left > 0;
  }
}

function digestOf(key: string): string {
  return digest(key).toString(36).padStart(DIGITS, '0');
}
