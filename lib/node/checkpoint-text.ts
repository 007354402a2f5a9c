import { fingerprint } from '../core/fingerprint.js';

/** The text of a checkpoint file: the cursors by their keys, and a sum that tells a file that was changed since. */
export function formatCheckpoint(cursors: ReadonlyMap<string, unknown>): string {
  const entries = Object.fromEntries(cursors);
  const file = { pageturn: 'checkpoint', version: 1, entries, sum: fingerprint(entries) };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Reads it back. Calls `refuse` with what is wrong where the text is not what {@link formatCheckpoint} made. */
export function parseCheckpoint(text: string, refuse: (flaw: string) => never): Map<string, unknown> {
  const { pageturn, version, entries, sum } = parseObject(text);
  if (pageturn !== 'checkpoint') refuse('it is not a checkpoint of pageturn, or only part of one');
  if (version !== 1) refuse(`it has version ${JSON.stringify(version)}, this pageturn reads version 1`);
  if (typeof entries !== 'object' || entries === null || sum !== fingerprint(entries)) {
    return refuse('its content is not what was written');
  }
  return new Map(Object.entries(entries));
}

function parseObject(text: string): {
  readonly [name in 'pageturn' | 'version' | 'entries' | 'sum']?: unknown;
} {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
