/**
 * Hashes two 32-bit numbers into one that looks random. Everything in the sandbox that must be the same for the same
 * seed is derived from it.
 */
export function scramble(a: number, b: number): number {
  // The 32-bit finalizer constants of MurmurHash3 (public domain); the odd multiplier separates neighbours.
  let x = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ b;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** A seeded replacement for `Math.random`. */
export function createRandom(seed: number): () => number {
  let count = 0;
  return () => scramble(seed, ++count) / 0x1_0000_0000;
}
