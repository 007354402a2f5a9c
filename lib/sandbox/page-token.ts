import type { Clock } from '../core/clock.js';
import { digest } from '../core/fingerprint.js';

/** Where a page begins. */
export interface PagePosition {
  /** The key of the last item before the page, or the number of items before it; undefined for the first page. */
  readonly after: number | undefined;
  /** How many empty pages pointed to this position before, so that no two tokens are equal. */
  readonly repeats: number;
}

/**
 * Writes and reads page tokens. A token holds the position itself, so the sandbox keeps no state between pages and a
 * token survives a restart with the same seed. A checksum rejects forged tokens.
 *
 * `scope` is what a token belongs to: operation, instance and query.
 */
export interface PageTokens {
  write(scope: string, position: PagePosition): string;
  /** Undefined unless the token was written for this scope with this seed. */
  read(scope: string, token: string): PagePosition | 'expired' | undefined;
}

export function createPageTokens(
  seed: number,
  { tokenLifetimeMs, clock }: { readonly tokenLifetimeMs: number; readonly clock: Clock },
): PageTokens {
  const sign = (scope: string, text: string) => {
    const checksum = digest(`${seed}|${scope}|${text}`).toString(36).padStart(11, '0');
    return Buffer.from(`${checksum}:${text}`).toString('base64url');
  };
  return {
    write(scope, { after, repeats }) {
      const text = `${after ?? ''}:${repeats}`;
      // Without a lifetime there is no time in a token, so that it is the same in every run.
      return sign(scope, tokenLifetimeMs === Number.POSITIVE_INFINITY ? text : `${text}:${clock.now()}`);
    },
    read(scope, token) {
      const [, ...parts] = Buffer.from(token, 'base64url').toString('latin1').split(':');
      if (sign(scope, parts.join(':')) !== token) return undefined;
      const [after = '', repeats, writtenAt] = parts;
      if (writtenAt !== undefined && clock.now() - Number(writtenAt) >= tokenLifetimeMs) return 'expired';
      return { after: after === '' ? undefined : Number(after), repeats: Number(repeats) };
    },
  };
}
