import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Receipt } from '../../core/receipt.js';
import { newTotals } from '../../listing/drain/drain-totals.js';
import { realPathOf } from '../../node/files/real-path.js';
import { replaceFile } from '../../node/files/replace-file.js';
import { CliError, fileError, usageError } from '../cli-error.js';

/** The file of `--receipt`. */
export interface ReceiptFile {
  /** Replaces the file, or leaves the one that is there. */
  write(receipt: Receipt): Promise<void>;
  /**
   * Writes the receipt of a run that could not open its target, such as a folder that may not be written. It leaves the
   * one that is there if the run was refused: another one uses the target.
   */
  writeUnopened(error: { readonly cause?: unknown }, run: Pick<Receipt, 'query' | 'target'>): Promise<void>;
}

/** Checks that a receipt can be written to a path, before anything is sent. */
export async function openReceiptFile(name: string, out: string | undefined): Promise<ReceiptFile> {
  const path = resolve(name);
  try {
    const folder = await stat(dirname(path));
    if (!folder.isDirectory())
      throw Object.assign(new Error(`${dirname(path)} is not a folder`), { code: 'ENOTDIR' });
    const there = await stat(path).catch(() => undefined);
    if (there?.isDirectory()) throw new Error('it is a folder; name a file');
  } catch (error) {
    throw fileError(`cannot write the receipt ${path}`, path, error);
  }
  if (
    out !== undefined &&
    (await realPathOf(path)) === (await realPathOf(resolve(out)).catch(() => undefined))
  ) {
    throw usageError('--out and --receipt name the same file');
  }
  const startedAt = new Date().toISOString();
  const write = async (receipt: Receipt) => {
    try {
      const real = await realPathOf(path);
      await replaceFile(real, (file) => file.writeFile(`${JSON.stringify(receipt, undefined, 2)}\n`));
    } catch (error) {
      throw fileError(`cannot write the receipt ${path}`, path, error);
    }
  };
  return {
    write,
    async writeUnopened({ cause }: { cause?: unknown }, { query, target }) {
      const isFileError = cause instanceof CliError && cause.cause !== undefined;
      if (!isFileError) return;
      const endedAt = new Date().toISOString();
      await write({ query, ...newTotals(startedAt), endedAt, end: 'failed', complete: false, target });
    },
  };
}
