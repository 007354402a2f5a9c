/** What `read` returns; undefined if it throws: an error of a caller may have a getter that throws, or be a revoked proxy. */
export function ifReadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
