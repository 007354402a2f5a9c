/** The items of a page, or of anything read like one, and how far they are read. */
export interface PageBuffer<T> {
  items: readonly T[];
  /** The item to give next. */
  index: number;
  /** Whether the item before the index is still in the consumer's hand, not acknowledged. */
  inHand: boolean;
}

export function emptyBuffer<T>(): PageBuffer<T> {
  return { items: [], index: 0, inHand: false };
}

/** Puts other items into the window, to be read from an index on. */
export function showItems<T>(window: PageBuffer<T>, items: readonly T[], index: number): void {
  window.items = items;
  window.index = index;
}
