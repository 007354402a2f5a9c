/**
 * A copy of a text with its own memory. A slice of a string keeps the whole string alive: 1 MB for a token of 40
 * characters from an answer of 1 MB.
 */
export function detachedText(text: string): string {
  // To cut from a joined text, the engine first copies it into one piece.
  return ` ${text}`.slice(1);
}
