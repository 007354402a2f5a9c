/** One of the two that are compared. */
export type DiffSide = 'a' | 'b';

/** A field that differs. */
export interface FieldChange {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** How `b` differs from `a`, in one row. */
export type Difference<T> =
  | { readonly type: 'added'; readonly key: string; readonly item: T }
  | { readonly type: 'removed'; readonly key: string; readonly item: T }
  | {
      readonly type: 'changed';
      readonly key: string;
      readonly item: T;
      readonly previous: T;
      /** At least one. */
      readonly changes: readonly FieldChange[];
    }
  /** Several rows of one side have the key: they are not compared. `items` has the first 10 of them. */
  | {
      readonly type: 'duplicate';
      readonly key: string;
      readonly in: DiffSide;
      readonly count: number;
      readonly items: readonly T[];
    }
  /** A row without a key. */
  | { readonly type: 'unkeyed'; readonly in: DiffSide; readonly item: T }
  /** A row that could not be read, such as a user who was deleted meanwhile: it is not compared. */
  | { readonly type: 'unread'; readonly key: string; readonly in: DiffSide }
  /**
   * Comes first: the listing of this side was not exhausted, so nothing can be said about keys that are missing there.
   * `reason` is how it ended.
   */
  | { readonly type: 'incomplete'; readonly in: DiffSide; readonly reason: string };
