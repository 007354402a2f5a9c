import { PageturnError } from '../../core/errors.js';
import { fromTypedJson, type Path, type Typed, toTypedJson } from '../../core/typed-json.js';

/** A key as a row holds it: JSON in ASCII, so that keys sort the same as text and as bytes. */
export function encodeKey(key: string): string {
  return JSON.stringify(key).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * An item as a line of a snapshot: a JSON array of its key (encoded), the item, and, if it needs them, the paths of its
 * Dates and the kinds and paths of its other values that JSON cannot express. A tab, which never appears in the text of
 * a JSON value, ends the key, so rows are sorted without parsing them. Throws ERR_INVALID_ARGUMENT for an item that
 * cannot be kept.
 */
export function encodeRow(key: string, item: unknown): string {
  try {
    const { json, dates, typed } = toTypedJson(item, 'strict');
    const notes = typed.length > 0 ? [dates, typed] : dates.length > 0 ? [dates] : [];
    // JSON cannot express undefined.
    return `[${[`${key},\t${JSON.stringify(json) ?? 'null'}`, ...notes.map((note) => JSON.stringify(note))]}]\n`;
  } catch (cause) {
    if (cause instanceof PageturnError) throw cause;
    const message = 'an item cannot be written as JSON; map the listing to plain data before the snapshot';
    throw new PageturnError('ERR_INVALID_ARGUMENT', message, { cause });
  }
}

/** Reads a line back. What {@link encodeRow} noted is itself again; everything else is what JSON makes of it. */
export function decodeRow<T>(line: string): { key: string; item: T } {
  const [key, json, dates = [], typed = []] = JSON.parse(line) as [string, unknown, Path[]?, Typed[]?];
  return { key, item: fromTypedJson({ json, dates, typed }) as T };
}
