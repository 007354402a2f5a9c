import type { Operation } from '../operations/operation.js';
import { assertConnection } from './assert-connection.js';
import { assertRowTarget } from './assert-row-target.js';
import { chosenColumns } from './chosen-columns.js';
import type { ConnectionOptions } from './options.js';

/** Throws a usage error for contradictory options of a command that writes rows and keeps no position. */
export function assertReport(options: ConnectionOptions, rows: ReportRows): void {
  assertConnection(options);
  assertReportRows(options, rows);
}

/** The part of {@link assertReport} that is about what is written. */
export function assertReportRows(options: ConnectionOptions, { columns }: ReportRows): void {
  assertRowTarget(options);
  if (options.columns) chosenColumns(options.columns, columns);
}

interface ReportRows {
  readonly columns: Operation<unknown>['columns'];
}
