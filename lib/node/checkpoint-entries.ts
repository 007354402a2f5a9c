import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PageturnError } from '../core/errors.js';
import { formatCheckpoint, parseCheckpoint } from './checkpoint-text.js';
import { readText } from './files/read-text.js';
import { replaceFile } from './files/replace-file.js';
import { syncFolder } from './files/sync-folder.js';

/** The entries of a checkpoint file by key; none if there is no file. Throws ERR_CHECKPOINT_CORRUPT for a damaged one. */
export async function readEntries(path: string): Promise<Map<string, unknown>> {
  const text = await readText(path);
  if (text === undefined) return new Map();
  return parseCheckpoint(text, (flaw) => {
    throw corruptCheckpoint(path, flaw);
  });
}

/**
 * Replaces the file as a whole, or removes it if there are no entries. Durable once it resolves. `mayPublish` is
 * called right before the file changes.
 */
export async function writeEntries(
  path: string,
  entries: ReadonlyMap<string, unknown>,
  mayPublish: () => Promise<void>,
): Promise<void> {
  if (entries.size > 0) {
    const text = formatCheckpoint(entries);
    return replaceFile(path, (file) => file.writeFile(text), mayPublish);
  }
  await mayPublish();
  await rm(path);
  await syncFolder(dirname(path));
}

export function corruptCheckpoint(path: string, flaw: string, cause?: unknown): PageturnError {
  return new PageturnError(
    'ERR_CHECKPOINT_CORRUPT',
    `the checkpoint ${path} cannot be used: ${flaw}; restore a good copy, or delete it to start over`,
    { cause },
  );
}
