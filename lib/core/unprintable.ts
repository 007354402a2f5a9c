/**
 * Characters that move the cursor of a terminal, change its colours or the direction of the text, or break a line:
 * controls (C0, DEL, C1), line and paragraph separators, bidirectional controls and lone surrogates.
 */
export const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/gu;

/**
 * A text with its unprintable characters escaped. In a text of JSON.stringify this means the same to every parser: it
 * escapes the controls below U+0020 and lone surrogates itself, and the others can only occur inside strings.
 */
export function escapeUnprintable(text: string): string {
  return text.replace(UNPRINTABLE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
