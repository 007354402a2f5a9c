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
  read(scope: string, token: string): PagePosition | undefined;
}

export function createPageTokens(seed: number): PageTokens {
  const write = (scope: string, { after, repeats }: PagePosition) => {
    const position = `${after ?? ''}:${repeats}`;
    const checksum = digest(`${seed}|${scope}|${position}`).toString(36).padStart(11, '0');
    return Buffer.from(`${checksum}:${position}`).toString('base64url');
  };
  return {
    write,
    read(scope, token) {
      const [, after = '', repeats = ''] = Buffer.from(token, 'base64url').toString('latin1').split(':');
      const position = { after: after === '' ? undefined : Number(after), repeats: Number(repeats) };
      return write(scope, position) === token ? position : undefined;
    },
  };
}
