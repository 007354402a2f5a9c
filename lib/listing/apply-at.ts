export type Apply = (value: unknown, index: number) => unknown;

/**
 * Calls the operator at a place of a chain. Each of the first places has a call of its own here, for an engine inlines
 * a callback only into a call that always meets the same one; bench/per-item shows what that is worth.
 */
export function applyAt(place: number, apply: Apply, value: unknown, index: number): unknown {
  switch (place) {
    case 0:
      return apply(value, index);
    case 1:
      return apply(value, index);
    case 2:
      return apply(value, index);
    case 3:
      return apply(value, index);
    default:
      return apply(value, index);
  }
}
