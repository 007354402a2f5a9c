import { defaultKey } from '../../core/identity.js';
import type { Origin } from './flow.js';

/** A value that a flatMap opened. Two items may be mapped to the same value: it is known by where it came from, too. */
export class Opened {
  readonly #value: unknown;
  readonly #origin: Origin;
  #key: string | undefined;

  constructor(value: unknown, origin: Origin) {
    this.#value = value;
    this.#origin = origin;
  }

  get key(): string {
    this.#key ??=
      this.#value === this.#origin.value
        ? this.#origin.key()
        : JSON.stringify([this.#origin.key(), keyOf(this.#value)]);
    return this.#key;
  }
}

/** The key of a value on its way. A page is known by its items: what a response says beside them differs each time. */
export function keyOf(value: unknown): string {
  if (value instanceof Opened) return value.key;
  if (typeof value !== 'object' || value === null || !('items' in value)) return defaultKey(value);
  return defaultKey({ ...value, next: undefined, output: undefined });
}
