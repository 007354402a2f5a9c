/** `12,000`. */
export function formatNumber(number: number): string {
  return number.toLocaleString('en');
}

/** `1 page`, `12,000 users`. */
export function formatCount(count: number, unit: string): string {
  return `${formatNumber(count)} ${unit}${count === 1 ? '' : 's'}`;
}

/** `4.1 s`, `2 min 5 s`, `1 h 3 min`. */
export function formatDuration(ms: number): string {
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/**
 * Replaces characters that would move the cursor, change colours, change the direction of the text or break the row:
 * names are untrusted.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '\ufffd');
}

/**
 * A value as JSON without control characters that a terminal would obey. JSON.stringify escapes the controls below U+0020 and lone
 * surrogates; the other unprintable characters can only occur inside strings.
 */
export function toPrintableJson(value: unknown): string {
  return JSON.stringify(value).replace(
    UNPRINTABLE,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Controls (C0, DEL, C1), line and paragraph separators, bidirectional controls and lone surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/gu;
