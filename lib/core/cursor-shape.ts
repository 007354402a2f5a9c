/**
 * What a listing asks for, as a cursor remembers it: the operation by name, each input field by the digest of its
 * value. Never credentials, never the values themselves.
 */
export interface Query {
  readonly operation: string;
  readonly input: Readonly<Record<string, string>>;
}

/** How far a `flatMap` is in the item it has open. */
export interface OpenFlatMap {
  /** A digest of the item, taken before the mapper saw it. */
  readonly item: string;
  /** How many of its values were acknowledged. */
  readonly count: number;
}

/** The state of the search for a repeated token: Brent's algorithm, one remembered token and two counts. */
export interface CycleCheck {
  /** A digest of the token every later one is compared with. */
  readonly token: number;
  /** Pages since that token. */
  readonly steps: number;
  /** After how many pages another token takes its place. */
  readonly limit: number;
}

/**
 * A position between two items of a listing: everything before it was acknowledged, nothing behind it was. Plain JSON;
 * keep it anywhere, then pass it to `Listing.open` or save it in a checkpoint.
 */
export interface Cursor {
  /** The format of this object. */
  readonly version: 2;
  /** The token of the page the position is in; absent: the first page. */
  readonly token?: string;
  /** How many items of that page were acknowledged. */
  readonly offset: number;
  /** The identity of the last acknowledged item of that page; absent at its beginning. */
  readonly key?: string;
  /** Digests of the acknowledged items of that page, to recognise them even if the page has changed since. */
  readonly seen?: string;
  /** The page size this chain of tokens was begun with. */
  readonly pageSize?: number;
  /** What `take`, `drop` and `dropWhile` have counted, by their place in the chain and their name. */
  readonly counts?: Readonly<Record<string, number>>;
  /** The names of the operators, without `tap` and `prefetch`, and without their arguments. */
  readonly chain?: readonly string[];
  /** The flatMaps that are within an item, by their place in the chain and their name. */
  readonly flat?: Readonly<Record<string, OpenFlatMap>>;
  /** Finds a token that repeats, however many runs lie between. */
  readonly cycle?: CycleCheck;
  /** The listing was exhausted here: there is nothing to resume. */
  readonly exhausted?: true;
  /** The query the position belongs to. */
  readonly query: Query;
}
