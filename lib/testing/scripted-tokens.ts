import { digest } from '../core/fingerprint.js';
import type { Entry } from './scripted-directory.js';

/** Where a token points: after an entry, after a number of empty pages there. */
export interface TokenPosition<T> {
  readonly after: Entry<T>;
  readonly emptyPages: number;
}

/** The tokens of a scripted service: opaque, and the same for the same position. */
export class ScriptedTokens<T> {
  readonly #positions = new Map<string, TokenPosition<T>>();
  readonly #tokens = new Map<Entry<T>, string[]>();

  positionOf(token: string): TokenPosition<T> | undefined {
    return this.#positions.get(token);
  }

  tokenOf(position: TokenPosition<T>): string {
    const tokens = this.#tokens.get(position.after) ?? [];
    const existing = tokens[position.emptyPages];
    if (existing !== undefined) return existing;
    // Includes the base64 characters that must be escaped in a URL.
    const number = this.#positions.size;
    const token = `${digest(`token ${number}`).toString(36)}+/${number.toString(36)}==`;
    tokens[position.emptyPages] = token;
    this.#tokens.set(position.after, tokens);
    this.#positions.set(token, position);
    return token;
  }
}
