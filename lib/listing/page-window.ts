/** The items of a page, or of anything read like one, and how far they are read. */
export interface PageWindow<T> {
  items: readonly T[];
  /** The item to give next. */
  index: number;
  /** Whether the item before the index is still in the consumer's hand, not acknowledged. */
  inHand: boolean;
}

export function emptyWindow<T>(): PageWindow<T> {
  return { items: [], index: 0, inHand: false };
}
