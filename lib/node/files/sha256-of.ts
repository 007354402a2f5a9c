import { createHash } from 'node:crypto';

/** The SHA-256 digest of some bytes in base64url, the shortest form for a line of JSON. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url');
}
