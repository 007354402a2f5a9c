import { digest } from '../core/fingerprint.js';
import type { Entry } from './scripted-directory.js';

/** Where a token leads: behind an entry, after so many pages there that had no items. */
export interface TokenPlace<T> {
  readonly after: Entry<T>;
  readonly emptyPages: number;
}

/** Tokens of a scripted service: the same for the same place, and nothing to be read out of them. */
export class ScriptedTokens<T> {
  readonly #places = new Map<string, TokenPlace<T>>();
  readonly #tokens = new Map<Entry<T>, string[]>();

  placeOf(token: string): TokenPlace<T> | undefined {
    return this.#places.get(token);
  }

  tokenOf(place: TokenPlace<T>): string {
    const tokens = this.#tokens.get(place.after) ?? [];
    const known = tokens[place.emptyPages];
    if (known !== undefined) return known;
    // With the characters of base64 that have to be escaped in a URL.
    const token = `${digest(`token ${this.#places.size}`).toString(36)}+/${this.#places.size.toString(36)}==`;
    tokens[place.emptyPages] = token;
    this.#tokens.set(place.after, tokens);
    this.#places.set(token, place);
    return token;
  }
}
