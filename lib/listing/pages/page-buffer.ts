/** The items of a page, or of anything read like one, and how far they are read. */
export interface PageBuffer<T> {
  items: readonly T[];
  /** The item to take next. */
  index: number;
  /** Whether the item before the index is not acknowledged yet. */
  inHand: boolean;
}

export function emptyBuffer<T>(): PageBuffer<T> {
  return { items: [], index: 0, inHand: false };
}

/** Puts other items into the buffer, to be read from an index on. */
export function refillBuffer<T>(buffer: PageBuffer<T>, items: readonly T[], index: number): void {
  buffer.items = items;
  buffer.index = index;
}
