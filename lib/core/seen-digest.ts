import { digest } from './fingerprint.js';

/** Digests of items stand side by side in a cursor, each in so many base-36 digits: 2^53 needs 11. */
export const SEEN_DIGITS = 11;

/** The digest of an acknowledged item, by its key. */
export function seenDigest(key: string): string {
  return digest(key).toString(36).padStart(SEEN_DIGITS, '0');
}

/** The digest of an acknowledged item by key and content, for one that shares its key with other items of its page. */
export function contentDigest(key: string, content: string): string {
  const one = seenDigest(`${key} ${content}`);
  return `${MARKS.charAt(Number(one.charAt(0)))}${one.slice(1)}`;
}

export function isContentDigest(one: string): boolean {
  return one.length === SEEN_DIGITS && MARKS.includes(one.charAt(0));
}

/** Stand for the digits 0, 1 and 2: a digest of 53 bits begins with no higher one. */
const MARKS = 'xyz';
