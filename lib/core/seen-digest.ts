import { digest } from './fingerprint.js';

/** Digests of items stand side by side in a cursor, each in so many base-36 digits: 2^53 needs 11. */
export const SEEN_DIGITS = 11;

/** The digest of an acknowledged item, by its key. */
export function seenDigest(key: string): string {
  return digest(key).toString(36).padStart(SEEN_DIGITS, '0');
}
