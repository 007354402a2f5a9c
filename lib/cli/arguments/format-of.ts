import type { ItemsOptions } from './options.js';
import { formatByEnding, type OutputFormat, targetOf } from './target.js';

/**
 * The given format, or the one of the file's ending; for standard output a table on a terminal, otherwise NDJSON. Not for
 * rows with their own format.
 */
export function formatOf(
  { output, query, resume, out }: Pick<ItemsOptions, 'output' | 'query' | 'resume' | 'out'>,
  { isTTY }: { readonly isTTY: boolean },
): OutputFormat {
  if (output && output !== 'connect-import') return output;
  const target = targetOf(out);
  if (target.kind !== 'standard output') return formatByEnding(target);
  return isTTY && resume === undefined && query === undefined ? 'table' : 'ndjson';
}
