import { resolve } from 'node:path';
import { invalidArgument, PageturnError } from '../core/errors.js';
import type { FailedItem } from '../core/failed-item.js';
import type { Page } from '../core/page.js';
import { queryOf } from '../core/query-of.js';
import { fromTypedJson } from '../core/typed-json.js';
import { createListing } from '../listing/create-listing.js';
import type { Listing } from '../listing/listing.js';
import { openRegularFile } from './files/open-regular-file.js';
import { readAt } from './files/read-at.js';

/**
 * The items that a drain with `failed: file(path, { format: ndjson() })` could not work on, as they were: to work on
 * just those again. It is a listing like any other, and reads the file in parts.
 *
 * Traversals fail with ERR_REQUEST_FAILED if the file cannot be read, with ERR_FILE_CHANGED if it changes meanwhile, and
 * with ERR_PAGE_INVALID if a line is not a failed item.
 *
 * @example
 * const again = readFailed<UserSummary>('failed.ndjson').mapAsync(({ Id }) => describe({ InstanceId, UserId: Id }));
 */
export function readFailed<T = unknown>(path: string): Listing<T> {
  if (typeof path !== 'string' || path === '') throw invalidArgument('path', 'the path of a file', path);
  const real = resolve(path);
  return createListing<T>({
    fetchPage: (token) => readPart<T>(real, token),
    query: queryOf('readFailed', { path: real }),
  });
}

/** A token is a byte of the file and what the file was like when that was read. */
async function readPart<T>(path: string, token: string | undefined): Promise<Page<T>> {
  const [at = '0', state] = token?.split(' ') ?? [];
  const file = await openRegularFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new PageturnError('ERR_REQUEST_FAILED', `cannot read ${path} (${cause.code ?? cause.name})`, {
      cause,
    });
  });
  try {
    const { size, mtimeMs, ino } = await file.stat();
    const now = `${ino}-${size}-${mtimeMs}`;
    if (state !== undefined && state !== now) {
      throw new PageturnError('ERR_FILE_CHANGED', `${path} changed while it was read; start over`);
    }
    const start = Number(at);
    let text = Buffer.alloc(0);
    let end = -1;
    // A line may be longer than a block.
    while (end < 0 && start + text.length < size) {
      const block = await readAt(file, start + text.length, Math.min(BLOCK, size - start - text.length));
      text = Buffer.concat([text, block]);
      end = start + text.length < size ? text.lastIndexOf('\n') + 1 || -1 : text.length;
    }
    const next = start + Math.max(0, end);
    const lines = text.toString('utf8', 0, Math.max(0, end)).split('\n');
    return {
      items: lines.filter((line) => line.trim() !== '').map((line) => readItem<T>(line, path)),
      next: next < size ? `${next} ${now}` : undefined,
    };
  } finally {
    await file.close();
  }
}

/** Some hundred items. */
const BLOCK = 65_536;

function readItem<T>(line: string, path: string): T {
  const item = itemOf(line);
  if (item !== undefined) return item as T;
  throw new PageturnError(
    'ERR_PAGE_INVALID',
    `${path} is not a file of failed items: a line lacks the item or the error; write it with drainTo(rows, { failed: file(path, { format: ndjson() }) })`,
  );
}

/** Undefined if the line is not a failed item. */
function itemOf(line: string): unknown {
  try {
    const { item, error, types } = JSON.parse(line) as Partial<FailedItem<unknown>>;
    if (error === undefined) return undefined;
    return types ? fromTypedJson({ json: item, ...types }) : item;
  } catch {
    return undefined;
  }
}
