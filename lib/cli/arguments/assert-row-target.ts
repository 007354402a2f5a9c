import { usageError } from '../cli-error.js';
import type { ItemsOptions } from './options.js';
import { formatByEnding, type Target, targetOf } from './target.js';

/** Throws a usage error for a target without a format, or with one that cannot be written to it. */
export function assertRowTarget({ out, output }: Pick<ItemsOptions, 'out' | 'output'>): void {
  const target = targetOf(out);
  if (output === undefined && target.kind !== 'standard output') formatByEnding(target);
  // The end of a Parquet file says where everything is, so that nothing can be written as it comes.
  if (output === 'parquet' && !isWhole(target)) throw usageError('--output parquet needs --out FILE');
}

/** Whether the target is published when all rows are there. */
export function isWhole({ kind }: Target): boolean {
  return kind === 'file' || kind === 's3';
}
