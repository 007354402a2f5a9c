import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { assertKnownOptions } from '../core/assert-known-options.js';
import { invalidArgument } from '../core/errors.js';
import type { Receipt } from '../core/receipt.js';
import { readReceipt } from './receipt/read-receipt.js';
import { rowCounterFor } from './receipt/row-counter.js';

/** Options of `verifyReceipt`. */
export interface VerifyReceiptOptions {
  /** The published file, if it is not where the receipt says. */
  readonly path?: string | undefined;
}

/** What `verifyReceipt` found out. */
export type VerifiedReceipt =
  | {
      readonly matches: true;
      readonly path: string;
      readonly bytes: number;
      readonly sha256: string;
      /** The rows in the file, if its ending shows a format in which they can be counted (CSV, NDJSON, JSON). */
      readonly rows: number | undefined;
      /** Whether the file is the whole listing; otherwise the run stopped at its limit. */
      readonly complete: boolean;
    }
  | {
      readonly matches: false;
      /**
       * `not-a-receipt`: damaged, or something else. `not-published`: the run failed or was aborted. `no-file`: the target is
       * no file of this machine, such as a table or an object in S3. `missing`: the file is not there. `changed`: it is
       * not what was published.
       */
      readonly reason: 'not-a-receipt' | 'not-published' | 'no-file' | 'missing' | 'changed';
      /** What was found, in a sentence. */
      readonly message: string;
    };

/**
 * Compares a published file with the receipt of its drain: size, SHA-256 digest and, where the format allows it, the number
 * of rows. The receipt is the object, or what `JSON.parse` made of it. Resolves also if they differ, or cannot be
 * compared; rejects with the file system's error if the file cannot be read.
 *
 * @example
 * const verified = await verifyReceipt(JSON.parse(await readFile('users.receipt.json', 'utf8')));
 * if (!verified.matches) throw new Error(verified.message);
 */
export async function verifyReceipt(
  receipt: unknown,
  options: VerifyReceiptOptions = {},
): Promise<VerifiedReceipt> {
  assertKnownOptions('options of verifyReceipt', options, ['path']);
  if (options.path !== undefined && (typeof options.path !== 'string' || options.path === '')) {
    throw invalidArgument('path', 'the path of a file', options.path);
  }
  const read = readReceipt(receipt);
  if ('flaw' in read) return { matches: false, reason: 'not-a-receipt', message: read.flaw };
  const { end, target } = read;
  if (end === 'failed' || end === 'aborted') {
    const message = `the run ${end === 'failed' ? 'failed' : 'was aborted'} before it published anything in ${target}; run it again to resume`;
    return { matches: false, reason: 'not-published', message };
  }
  const path = options.path ?? fileOf(read);
  return path === undefined ? noFile(read) : compare(path, read);
}

/** The file of the receipt; undefined if what was published is something else. */
function fileOf({ target, sha256, writtenThrough }: Receipt): string | undefined {
  const isFile = sha256 !== undefined && !writtenThrough && !/^[a-z][a-z\d+.-]+:\/\//i.test(target);
  return isFile ? target : undefined;
}

function noFile({ target, sha256 }: Receipt): VerifiedReceipt {
  const message =
    sha256 === undefined
      ? `${target} was not published as a file, so the receipt has no digest to compare`
      : `${target} is not a file on this machine; get the file and name it`;
  return { matches: false, reason: 'no-file', message };
}

async function compare(path: string, receipt: Receipt): Promise<VerifiedReceipt> {
  const { written, complete } = receipt;
  if (receipt.sha256 === undefined || receipt.bytes === undefined) return noFile(receipt);
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
  });
  if (!stats) return { matches: false, reason: 'missing', message: `${path} is missing` };
  if (!stats.isFile()) {
    return { matches: false, reason: 'missing', message: `${path} is not a regular file` };
  }
  const changed = (what: string): VerifiedReceipt => ({
    matches: false,
    reason: 'changed',
    message: `${path} is not what was published: ${what}`,
  });
  if (stats.size !== receipt.bytes) {
    return changed(`it has ${stats.size} bytes instead of ${receipt.bytes}`);
  }
  const hash = createHash('sha256');
  const counter = rowCounterFor(path);
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    counter?.add(chunk);
    bytes += chunk.length;
  }
  const sha256 = hash.digest('hex');
  if (sha256 !== receipt.sha256) return changed('its content has another SHA-256 digest');
  const rows = counter?.possibleCounts();
  if (rows && !rows.includes(written)) {
    return changed(`it has ${rows[0]} rows, and the receipt says ${written}`);
  }
  return { matches: true, path, bytes, sha256, rows: rows && written, complete };
}
