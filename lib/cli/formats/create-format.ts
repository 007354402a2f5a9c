import type { Format } from '../../destinations/formats/format.js';
import { csv, json, ndjson } from '../../destinations/formats/index.js';
import { chosenColumns } from '../arguments/chosen-columns.js';
import type { OutputFormat } from '../arguments/target.js';
import type { Column } from '../operations/operation.js';
import { inferColumns } from './infer-columns.js';
import { mapRows } from './map-rows.js';
import { parquetFormat } from './parquet-format.js';
import { selectMembers } from './select-members.js';
import { tableFormat } from './table-format.js';
import { textFormat } from './text-format.js';

interface FormatOptions {
  readonly output: OutputFormat;
  /** The columns that the rows have; undefined if only the rows show it. */
  readonly known: readonly Column[] | undefined;
  /** The columns of a table unless others are named. */
  readonly tableColumns: readonly Column[];
  /** The columns that were named. */
  readonly columns: readonly string[] | undefined;
}

/** The format in which the rows of a command are written. */
export function createFormat({ output, known, tableColumns, columns }: FormatOptions): Format<unknown> {
  const chosen = columns && (known ? chosenColumns(columns, known) : columns.map(columnOf));
  switch (output) {
    case 'ndjson':
      return chosen ? mapRows(ndjson(), selectMembers(chosen)) : ndjson();
    case 'json':
      return chosen ? mapRows(json(), selectMembers(chosen)) : json();
    case 'csv':
      return withColumns('csv', chosen ?? known, (all) =>
        csv({ columns: all.map(({ key, header }) => ({ key, header })) }),
      );
    case 'table':
      return withColumns('table', chosen ?? (known && tableColumns), tableFormat);
    case 'parquet':
      return parquetFormat(chosen ?? known);
    case 'text':
      return textFormat(chosen ?? known);
  }
}

function withColumns(
  name: string,
  columns: readonly Column[] | undefined,
  create: (columns: readonly Column[]) => Format<unknown>,
): Format<unknown> {
  return columns ? create(columns) : inferColumns(name, (headers) => create(headers.map(columnOf)));
}

function columnOf(name: string): Column {
  return { key: name, header: name };
}
