import { canonical } from './canonical.js';

/**
 * A short, stable digest of a value, which does not depend on the order of the keys. It distinguishes queries, tokens and
 * items; it is not a cryptographic hash.
 */
export function fingerprint(...value: Parameters<typeof canonical>): string {
  return digest(canonical(...value)).toString(36);
}

/** A 53-bit digest of a text. Two different texts of a million collide with a chance of about 1 in 18,000. */
export function digest(text: string): number {
  // Two 32-bit multiplicative lanes (FNV-1a) with different primes; 21 + 32 of their bits fill a safe integer.
  let a = 0x811c9dc5;
  let b = 0x01000193;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x85ebca6b);
  }
  a = avalanche(a ^ text.length);
  b = avalanche(b ^ a);
  return (b >>> 11) * 0x1_0000_0000 + (a >>> 0);
}

function avalanche(h: number): number {
  // The 32-bit finalizer constants of MurmurHash3 (public domain).
  let x = h;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}
