import { digest } from './fingerprint.js';

/** A cursor concatenates the digests of items, each in this many base-36 digits: 2^53 needs 11. */
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

/** These replace the first digit, which is 0, 1 or 2 in a digest of 53 bits. */
const MARKS = 'xyz';
