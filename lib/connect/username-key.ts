/**
 * User names that have the same key are the same user name. Amazon Connect documents neither how it compares them nor
 * whether SearchUsers respects case, so names that differ only in case count as one: two such users are reported, and
 * neither is picked silently.
 */
export function usernameKey(username: string): string {
  return username.normalize('NFC').toLowerCase();
}
