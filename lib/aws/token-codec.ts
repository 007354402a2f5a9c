/**
 * Page tokens as strings. Most are strings already; DynamoDB's are keys, objects whose values may be binary, and a few
 * services use numbers. Those become JSON after a prefix, so that a cursor can hold them.
 */
export const tokenCodec = {
  /** Undefined if there is no token, and so no next page. */
  encode(token: unknown): string | undefined {
    if (token === undefined || token === null || token === '') return undefined;
    if (typeof token === 'string' && !token.startsWith(PREFIX)) return token;
    return PREFIX + JSON.stringify(token, tag);
  },

  decode(token: string): unknown {
    return token.startsWith(PREFIX) ? JSON.parse(token.slice(PREFIX.length), untag) : token;
  },
};

const PREFIX = 'pageturn-json:';
const BYTES = '$pageturn-bytes';
const BIGINT = '$pageturn-bigint';

function tag(this: unknown, key: string, json: unknown): unknown {
  // `json` is what `toJSON` made of a Buffer; the holder still has the value itself.
  const value = (this as Record<string, unknown>)[key];
  if (typeof value === 'bigint') return { [BIGINT]: value.toString() };
  if (value instanceof Uint8Array) return { [BYTES]: btoa(String.fromCharCode(...value)) };
  return json;
}

function untag(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { [BYTES]: bytes, [BIGINT]: bigint } = value as Record<string, unknown>;
  if (typeof bytes === 'string') return Uint8Array.from(atob(bytes), (char) => char.charCodeAt(0));
  if (typeof bigint === 'string') return BigInt(bigint);
  return value;
}
