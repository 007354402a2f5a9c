/**
 * What a listing asks for, as the cursor remembers it: the operation by name, each input field by the digest of its
 * value. Never credentials, never the values themselves.
 */
export interface Query {
  readonly operation: string;
  readonly input: Readonly<Record<string, string>>;
}

/**
 * A position between two items of a listing: everything before it was acknowledged, nothing behind it was. Plain JSON;
 * keep it anywhere, hand it to {@link Listing.open} or a checkpoint.
 */
export interface Cursor {
  /** The format of this object. */
  readonly version: 1;
  /** The token of the page the position is in; absent: the first page. */
  readonly token?: string;
  /** How many items of that page were acknowledged. */
  readonly offset: number;
  /** The identity of the last acknowledged item of that page; absent at its beginning. */
  readonly key?: string;
  /** Digests of the acknowledged items of that page: what tells them from those that moved among them since. */
  readonly seen?: string;
  /** The page size the page was asked for with. */
  readonly pageSize?: number;
  /** What `drop`, `dropWhile` and `take` had counted here, by their place in the chain. */
  readonly counts?: Readonly<Record<string, number>>;
  /** Where a flatMap is in the middle of an item: digests of what it opened and of those acknowledged, by its place in the chain. */
  readonly given?: Readonly<Record<string, string>>;
  /** The query the position belongs to. */
  readonly query: Query;
}
