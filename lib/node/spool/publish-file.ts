import { createHash } from 'node:crypto';
import { type FileHandle, link, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Published } from '../../core/destination.js';
import { createDraft } from '../files/create-draft.js';
import { assertReplaceable } from '../files/open-regular-file.js';
import { openThrough } from '../files/open-through.js';
import { syncFolder } from '../files/sync-folder.js';
import { temporaryBeside } from '../files/temporary-file.js';

interface PublishOptions {
  /** The mode of the file; undefined: only its owner may read it. */
  readonly mode: number | undefined;
  /** Whether an existing file may be replaced. */
  readonly overwrite: boolean;
  readonly signal: AbortSignal;
  /** Called when everything is written, right before it is put in its place. */
  readonly beforePublishing: (published: Published) => Promise<void>;
}

/** Writes the bytes next to a path and puts them there in one step, so that no reader ever sees a part of them. */
export async function publishFile(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  { mode, overwrite, signal, beforePublishing }: PublishOptions,
): Promise<Published> {
  const temporary = temporaryBeside(path);
  try {
    const published = await createDraft(temporary, async (file) => {
      const result = await writeAll(file, bytes, signal);
      if (mode !== undefined) await file.chmod(mode);
      return result;
    });
    await beforePublishing(published);
    signal.throwIfAborted();
    // It may have become a named pipe or a folder since it was opened.
    await assertReplaceable(path);
    // A link fails if the name is taken; a rename replaces what has it.
    if (overwrite) await rename(temporary, path);
    else await link(temporary, path);
    await syncFolder(dirname(path));
    return published;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Writes the bytes into a pipe or a device, which nothing can be renamed over, once something reads it. */
export async function writeThrough(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<Published> {
  const file = await openThrough(path, signal);
  try {
    return { ...(await writeAll(file, bytes, signal)), writtenThrough: true };
  } finally {
    await file.close();
  }
}

async function writeAll(
  file: FileHandle,
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of inBlocks(chunks)) {
    signal.throwIfAborted();
    const written = file.appendFile(chunk);
    hash.update(chunk);
    await written;
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** The same bytes in fewer pieces, each of which is valid until the next one is asked for. */
async function* inBlocks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  const block = Buffer.allocUnsafe(BLOCK);
  let used = 0;
  for await (const chunk of chunks) {
    if (used > 0 && used + chunk.length > BLOCK) {
      yield block.subarray(0, used);
      used = 0;
    }
    if (chunk.length > BLOCK) yield chunk;
    else {
      block.set(chunk, used);
      used += chunk.length;
    }
  }
  if (used > 0) yield block.subarray(0, used);
}

/** A write of a few kilobytes takes longer than the encoding of as many. */
const BLOCK = 262_144;
