import type { Format } from '../../destinations/formats/format.js';
import { formatOf } from '../arguments/format-of.js';
import type { ItemsOptions } from '../arguments/options.js';
import type { Operation } from '../operations/operation.js';
import type { RowQuery } from '../query/compile-query.js';
import { createFormat } from './create-format.js';
import { firstRows } from './first-rows.js';
import { foundColumns } from './found-columns.js';
import { mapRows } from './map-rows.js';

interface RowFormatOptions {
  readonly options: ItemsOptions;
  readonly query: RowQuery | undefined;
  readonly preview: number;
  readonly isTTY: boolean;
}

/** How a command writes the items of its operation. */
export function rowFormat<T>(
  { columns: known, tableColumns, format: own }: Operation<T>,
  { options, query, preview, isTTY }: RowFormatOptions,
): Format<unknown> {
  if (own) return own;
  const format = createFormat({
    output: formatOf(options, { isTTY }),
    // What a query makes of an item has other members.
    known: query ? undefined : known,
    tableColumns,
    columns: options.columns,
  });
  if (query) {
    const { columns } = options;
    return mapRows(columns ? mapRows(format, foundColumns(columns)) : format, query.transform);
  }
  return Number.isFinite(preview) ? mapRows(format, firstRows(preview)) : format;
}

/** How many rows are shown: in a demonstration on a terminal, a few, because more would scroll its narration off the screen. */
export function previewOf(
  { sandbox, output, filter, modifiedSince, maxItems, out, resume, query, columns }: ItemsOptions,
  { settings, isTTY }: { readonly settings: Operation<unknown>['settings']; readonly isTTY: boolean },
): number {
  const chosen = [settings, output, filter, modifiedSince, maxItems, out, resume, query, columns];
  const isDemo = sandbox !== undefined && chosen.every((option) => option === undefined);
  return isDemo && isTTY ? 5 : Number.POSITIVE_INFINITY;
}
