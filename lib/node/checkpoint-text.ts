import { describeValue } from '../core/errors.js';
import { fingerprint } from '../core/fingerprint.js';

/** The text of a checkpoint file: the cursors by key, and a checksum that reveals a file that was changed. */
export function formatCheckpoint(cursors: ReadonlyMap<string, unknown>): string {
  const entries = Object.fromEntries(cursors);
  const file = { pageturn: 'checkpoint', version: 1, entries, sum: fingerprint(entries) };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Reads the text back. Calls `refuse` with the flaw if the text is not what {@link formatCheckpoint} made. */
export function parseCheckpoint(text: string, refuse: (flaw: string) => never): Map<string, unknown> {
  const { pageturn, version, entries, sum } = parseObject(text);
  if (pageturn !== 'checkpoint') refuse('it is not a pageturn checkpoint, or only part of one');
  if (version !== 1) refuse(`it has version ${describeValue(version)}, and this pageturn reads version 1`);
  if (typeof entries !== 'object' || entries === null || sum !== fingerprint(entries)) {
    return refuse('its content has changed since it was written');
  }
  return new Map(Object.entries(entries));
}

type CheckpointFile = { readonly [name in 'pageturn' | 'version' | 'entries' | 'sum']?: unknown };

function parseObject(text: string): CheckpointFile {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
