import { digest } from '../core/fingerprint.js';

/** Where a page begins. */
export interface PagePosition {
  /** The key of the last item before the page, or the number of items before it; undefined: at the start. */
  readonly after: number | undefined;
  /** How many times this position was handed out without a step forward, so that no two tokens are equal. */
  readonly hop: number;
}

/**
 * Writes and reads page tokens. They carry the position itself, so that the sandbox keeps nothing between two pages
 * and a token outlives a restart with the same seed; the checksum refuses every other token.
 *
 * `scope` is what a token belongs to: operation, instance, query.
 */
export interface PageTokens {
  write(scope: string, position: PagePosition): string;
  /** Undefined where the token was not written for this scope with this seed. */
  read(scope: string, token: string): PagePosition | undefined;
}

export function createPageTokens(seed: number): PageTokens {
  const write = (scope: string, { after, hop }: PagePosition) => {
    const place = `${after ?? ''}:${hop}`;
    const checksum = digest(`${seed}|${scope}|${place}`).toString(36).padStart(11, '0');
    return Buffer.from(`${checksum}:${place}`).toString('base64url');
  };
  return {
    write,
    read(scope, token) {
      const [, after = '', hop = ''] = Buffer.from(token, 'base64url').toString('latin1').split(':');
      const position = { after: after === '' ? undefined : Number(after), hop: Number(hop) };
      return write(scope, position) === token ? position : undefined;
    },
  };
}
