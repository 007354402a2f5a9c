/**
 * What a listing lists, as a cursor remembers it: the name of the operation, and a digest of each input field. It never
 * contains credentials or the values themselves.
 */
export interface Query {
  readonly operation: string;
  readonly input: Readonly<Record<string, string>>;
}

/** How far a `flatMap` is in its current item. */
export interface OpenFlatMap {
  /** A digest of the item, taken before the mapper ran. */
  readonly item: string;
  /** How many of its values were acknowledged. */
  readonly count: number;
}

/** The state of the search for a repeated token: Brent's algorithm remembers one token and two counts. */
export interface CycleCheck {
  /** A digest of the token that later ones are compared with. */
  readonly token: number;
  /** Pages since that token. */
  readonly steps: number;
  /** After how many pages another token takes its place. */
  readonly limit: number;
}

/**
 * A position between two items of a listing: everything before it was acknowledged, nothing after it was. It is plain
 * JSON. Store it anywhere, and pass it to `Listing.open` to resume.
 */
export interface Cursor {
  /** The format of this object. */
  readonly version: 2;
  /** The token of the page that contains the position; absent in the first page. */
  readonly token?: string;
  /** How many items of that page were acknowledged. */
  readonly offset: number;
  /** The identity of the last acknowledged item of that page; absent at the start of the page. */
  readonly key?: string;
  /** Digests of the acknowledged items of that page, to recognise them even if the page has changed since. */
  readonly seen?: string;
  /** The page size that the pages up to here were requested with. */
  readonly pageSize?: number;
  /**
   * What `take`, `drop` and `dropWhile` have counted, by place in the chain and name, such as `0.take`; for a `mapAsync`
   * that tolerates failures, the items it has worked on and those that failed: `0.mapAsync.worked`, `0.mapAsync.failed`.
   */
  readonly counts?: Readonly<Record<string, number>>;
  /** The names of the operators, without `tap` and `prefetch`, and without their arguments. */
  readonly chain?: readonly string[];
  /** The flatMaps that are within an item, by place in the chain and name. */
  readonly flat?: Readonly<Record<string, OpenFlatMap>>;
  /** The search for a repeated token, which continues across runs. */
  readonly cycle?: CycleCheck;
  /** The listing was exhausted here: there is nothing to resume. */
  readonly exhausted?: true;
  /** The query the position belongs to. */
  readonly query: Query;
}
