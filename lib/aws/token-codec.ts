/**
 * Page tokens as strings. Most are strings to begin with; DynamoDB pages by a key, an object whose values may be binary,
 * and a few services by a number. Those become JSON behind a mark, so that a cursor can carry them.
 */
export const tokenCodec = {
  /** Undefined where there is no token, and so no next page. */
  encode(token: unknown): string | undefined {
    if (token === undefined || token === null || token === '') return undefined;
    if (typeof token === 'string' && !token.startsWith(MARK)) return token;
    return MARK + JSON.stringify(token, tag);
  },

  decode(token: string): unknown {
    return token.startsWith(MARK) ? JSON.parse(token.slice(MARK.length), untag) : token;
  },
};

const MARK = 'pageturn-json:';
const BYTES = '$pageturn-bytes';
const BIGINT = '$pageturn-bigint';

function tag(this: unknown, key: string, json: unknown): unknown {
  // What `toJSON` has made of a Buffer is not wanted; the holder still has the value itself.
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
