import { digest } from '../../core/fingerprint.js';
import type { KeyOf } from '../../core/identity.js';

/** Digests stand side by side, each in so many base-36 digits: 2^53 needs 11. */
const DIGITS = 11;

/** The digests of values in the order they come, for a cursor: made only where somebody asks, and each once. */
export class DigestLog<T> {
  readonly #values: readonly T[];
  readonly #keyOf: KeyOf<T>;
  #digests = '';

  /** The array may grow behind what was asked for. */
  constructor(values: readonly T[], keyOf: KeyOf<T>) {
    this.#values = values;
    this.#keyOf = keyOf;
  }

  /** A log as a cursor has it. */
  static from(digests: string): DigestLog<unknown> {
    const log = new DigestLog<unknown>([], () => '');
    log.#digests = digests;
    return log;
  }

  /** How many digests were made. */
  get length(): number {
    return this.#digests.length / DIGITS;
  }

  /** The digests of the first values. */
  first(count: number): string {
    while (this.length < count) this.#digests += digestOf(this.#keyOf(this.#values[this.length] as T));
    return this.#digests.slice(0, count * DIGITS);
  }
}

/** What an earlier run was given, by its digests: each is skipped once. */
export class OwedDigests {
  readonly #owed = new Map<string, number>();
  /** As `rest` gave it last; undefined once that has changed. */
  #rest: string | undefined;

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
    if (left > 0) this.#rest = undefined;
    if (left > 1) this.#owed.set(one, left - 1);
    else this.#owed.delete(one);
    return left > 0;
  }

  /** What has not come yet. */
  get rest(): string {
    this.#rest ??= [...this.#owed].map(([one, left]) => one.repeat(left)).join('');
    return this.#rest;
  }
}

function digestOf(key: string): string {
  return digest(key).toString(36).padStart(DIGITS, '0');
}
