import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Receipt } from '../../core/receipt.js';
import { newTotals } from '../../listing/drain/drain-totals.js';
import { isSpecialFile } from '../../node/files/is-special-file.js';
import { realPathOf } from '../../node/files/real-path-of.js';
import { replaceFile } from '../../node/files/replace-file.js';
import { CliError, fileError, usageError } from '../cli-error.js';
import { openSpecialFile } from '../output/open-special-file.js';

/** The file of `--receipt`. */
export interface ReceiptFile {
  /** Replaces the file, or leaves the existing one. */
  write(receipt: Receipt): Promise<void>;
  /**
   * Writes the receipt of a run that could not open its target, such as a folder that may not be written, or cannot send
   * requests. It leaves the existing one if the run was refused: another one uses the target.
   */
  writeUnopened(
    error: { readonly code?: unknown; readonly cause?: unknown },
    run: Pick<Receipt, 'query' | 'target'>,
  ): Promise<void>;
}

interface ReceiptFileOptions {
  /** The value of `--out`. */
  readonly out: string | undefined;
  /** Ends the wait for the reader of a named pipe. */
  readonly signal: AbortSignal;
}

/** Checks that a receipt can be written to a path, before anything is sent; a pipe or a device is opened at once. */
export async function openReceiptFile(
  name: string,
  { out, signal }: ReceiptFileOptions,
): Promise<ReceiptFile> {
  const path = resolve(name);
  const write = await openWriter(path, { out, signal });
  const startedAt = new Date().toISOString();
  const writeReceipt = async (receipt: Receipt) => {
    try {
      await write(`${JSON.stringify(receipt, undefined, 2)}\n`);
    } catch (error) {
      throw fileError(`cannot write the receipt ${path}`, path, error);
    }
  };
  return {
    write: writeReceipt,
    async writeUnopened({ code, cause }, { query, target }) {
      const isFileError = cause instanceof CliError && cause.cause !== undefined;
      if (!isFileError && code !== 'ERR_REQUEST_FAILED') return;
      const endedAt = new Date().toISOString();
      await writeReceipt({
        query,
        ...newTotals(startedAt),
        endedAt,
        end: 'failed',
        complete: false,
        target,
      });
    },
  };
}

/** What replaces the file, or writes through what cannot be replaced. */
async function openWriter(
  path: string,
  { out, signal }: ReceiptFileOptions,
): Promise<(text: string) => Promise<void>> {
  let isSpecial: boolean;
  try {
    const folder = await stat(dirname(path));
    if (!folder.isDirectory())
      throw Object.assign(new Error(`${dirname(path)} is not a folder`), { code: 'ENOTDIR' });
    const there = await stat(path).catch(() => undefined);
    if (there?.isDirectory()) throw new Error('it is a folder; name a file');
    isSpecial = isSpecialFile(path, there);
    if (!isSpecial) await access(dirname(await realPathOf(path)), constants.W_OK);
  } catch (error) {
    throw fileError(`cannot write the receipt ${path}`, path, error);
  }
  if (!isSpecial) {
    await assertOwnFile(path, out);
    return async (text) => replaceFile(await realPathOf(path), (file) => file.writeFile(text));
  }
  const sink = await openSpecialFile(path, signal);
  return async (text) => {
    try {
      await sink.write(Buffer.from(text));
    } finally {
      await sink.close();
    }
  };
}

/** Throws a usage error if the receipt would replace the output, or what an unfinished run keeps next to it. */
async function assertOwnFile(path: string, out: string | undefined): Promise<void> {
  const output = out === undefined ? undefined : await realPathOf(resolve(out)).catch(() => undefined);
  if (output === undefined) return;
  const real = await realPathOf(path);
  if (real === output) throw usageError('--out and --receipt name the same file');
  if (real === `${output}.spool` || real === `${output}.spool.lock`) {
    throw usageError(`--receipt names ${path}, where --out keeps its unfinished run: name another file`);
  }
}
