import { PageturnError } from '../../core/errors.js';

/** A key as a row holds it: JSON in ASCII, so that keys sort the same as text and as bytes. */
export function encodeKey(key: string): string {
  return JSON.stringify(key).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * An item as a line of a snapshot: a JSON array of its key (encoded), the item, and the paths of its Dates if it has
 * any. A tab, which never appears in the text of a JSON value, ends the key, so rows are sorted without parsing them.
 * Throws ERR_INVALID_ARGUMENT for an item that JSON cannot express.
 */
export function encodeRow(key: string, item: unknown): string {
  const json = toJson(item);
  const dates: Path[] = [];
  findDates(item, [], dates);
  return dates.length > 0 ? `[${key},\t${json},${JSON.stringify(dates)}]\n` : `[${key},\t${json}]\n`;
}

/** Reads a line back. Dates are Dates again; everything else is what JSON makes of it. */
export function decodeRow<T>(line: string): { key: string; item: T } {
  const [key, item, dates = []] = JSON.parse(line) as [string, T, Path[]?];
  for (const path of dates) revive(item, path);
  return { key, item };
}

type Path = readonly string[];

function toJson(item: unknown): string {
  try {
    // JSON cannot express undefined.
    return JSON.stringify(item) ?? 'null';
  } catch (cause) {
    const message = 'an item cannot be written as JSON; map the listing to plain data before the snapshot';
    throw new PageturnError('ERR_INVALID_ARGUMENT', message, { cause });
  }
}

function findDates(value: unknown, path: Path, found: Path[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (value instanceof Date) {
    found.push(path);
    return;
  }
  for (const name of Object.keys(value)) {
    const inner = (value as Record<string, unknown>)[name];
    if (typeof inner === 'object' && inner !== null) findDates(inner, [...path, name], found);
  }
}

function revive(root: unknown, path: Path): void {
  let holder = root as Record<string, unknown> | null | undefined;
  for (const name of path.slice(0, -1)) holder = holder?.[name] as typeof holder;
  const name = path.at(-1);
  // An invalid Date is null in JSON, and stays null.
  if (name !== undefined && typeof holder?.[name] === 'string') holder[name] = new Date(holder[name]);
}
