import type { Receipt } from '../../core/receipt.js';
import type { Format } from '../../destinations/formats/format.js';
import { formatOf, type ListOptions, profileOf } from '../arguments/options.js';
import type { ExitCode } from '../cli-error.js';
import type { CliProcess } from '../cli-process.js';
import { describeSandbox, type Instance, openInstance } from '../connection/open-instance.js';
import { jobDestination } from '../drain/job-destination.js';
import { settingsOf } from '../drain/job-settings.js';
import { openReceiptFile, type ReceiptFile } from '../drain/receipt-file.js';
import { createFormat } from '../formats/create-format.js';
import { firstRows } from '../formats/first-rows.js';
import { mapRows } from '../formats/map-rows.js';
import { Interruption } from '../interruption.js';
import type { Operation } from '../operations/operation.js';
import { selectItems } from '../operations/select-items.js';
import { type Outlet, openOutlet } from '../output/open-outlet.js';
import { compileQuery, type RowQuery } from '../query/compile-query.js';
import { Report } from '../report/report.js';
import { shellCommand, withResumeHint } from '../report/resume-hint.js';
import { summaryLine } from '../report/summary-line.js';

/** A command that lists the items of an operation: opens it, chooses items and columns, drains them, and reports. */
export async function list<T>(
  operation: Operation<T>,
  options: ListOptions,
  cli: CliProcess,
): Promise<ExitCode> {
  const report = new Report(cli.stderr, operation.noun);
  const interruption = new Interruption(cli);
  const stopListening = interruption.listen();
  let outlet: Outlet | undefined;
  let instance: Instance | undefined;
  try {
    const query = options.query === undefined ? undefined : await compileQuery(options.query, operation);
    const receiptFile =
      options.receipt === undefined ? undefined : await openReceiptFile(options.receipt, options.out);
    const preview = previewOf(options, cli);
    const format = formatFor(operation, { options, query, preview, cli });
    const { out, resume } = options;
    outlet = await openOutlet({ out, resume, format, cli, interruption, beforeWrite: report.hide });
    instance = await openInstance(options);
    const run = { operation, options, cli, report, interruption, outlet, instance, query, receiptFile };
    return await drainItems(run, preview);
  } catch (error) {
    if (error !== interruption.signal.reason) throw error;
    report.line('interrupted before anything was read');
    return interruption.exitCode;
  } finally {
    stopListening();
    report.close();
    await instance?.close();
    await outlet?.close();
  }
}

interface Run<T> {
  readonly operation: Operation<T>;
  readonly options: ListOptions;
  readonly cli: CliProcess;
  readonly report: Report;
  readonly interruption: Interruption;
  readonly outlet: Outlet;
  readonly instance: Instance;
  readonly query: RowQuery | undefined;
  readonly receiptFile: ReceiptFile | undefined;
}

async function drainItems<T>(run: Run<T>, preview: number): Promise<ExitCode> {
  const { operation, options, report, interruption, outlet, instance, query, receiptFile } = run;
  const { noun } = operation;
  const { filter, modifiedSince, maxItems, maxElapsed } = options;
  const { signal } = interruption;
  const settings = settingsOf(options);
  let since = modifiedSince?.since;
  const all = await operation.list(instance.client, instance.id, { ...options, maxElapsedMs: maxElapsed });
  const items = selectItems(all, operation, { filter, maxItems, since: since && (() => since as Date) });
  const ids = instance.sandbox && new Set<string | undefined>();
  const destination = jobDestination(outlet.destination, {
    settings,
    maxItems,
    noun,
    start: items.open().cursor,
    restart: options.restart === true,
    outlet,
    onResume: (first) => {
      if (first.since !== undefined) since = new Date(first.since);
    },
  });
  if (instance.sandbox) report.narrate(describeSandbox(instance.sandbox));
  report.show();

  let receipt: Receipt | undefined;
  try {
    await (ids ? items.tap((item) => void ids.add(operation.idOf(item))) : items).drainTo(destination, {
      // Each page is written when it is there: to be seen at once, and to be kept.
      everyMs: 0,
      signal,
      async receipt(one) {
        receipt = one;
        const isPublished = one.end === 'exhausted' || one.end === 'limit';
        await receiptFile?.write(isPublished && query ? { ...one, written: query.written } : one);
      },
    });
  } catch (error) {
    if (error !== signal.reason) {
      const { kept, startOver } = outlet;
      const failed = { noun, written: receipt?.written ?? 0, kept, startOver, profile: profileOf(options) };
      throw withResumeHint(error, failed);
    }
  }
  if (!receipt) throw signal.reason;
  return reportEnd(run, { receipt, preview, distinct: receipt.resumed > 0 ? undefined : ids?.size });
}

interface Ended {
  readonly receipt: Receipt;
  readonly preview: number;
  readonly distinct: number | undefined;
}

function reportEnd<T>(
  { operation, options, cli, report, interruption, outlet }: Run<T>,
  { receipt, preview, distinct }: Ended,
): ExitCode {
  const { noun } = operation;
  const { filter, modifiedSince } = options;
  const wasInterrupted = receipt.end === 'aborted';
  report.close();
  if (receipt.written > preview) {
    report.line(`(the first ${preview} ${noun}s; --output table shows them all)`);
  }
  report.line(
    summaryLine({
      receipt,
      noun,
      distinct,
      elapsedMs: report.elapsedMs,
      isFiltered: filter !== undefined || modifiedSince !== undefined,
      ending: describeEnd(receipt, outlet),
    }),
  );
  if (filter !== undefined && receipt.written === 0 && receipt.complete) {
    report.line(
      `no ${noun} name matches ${filter}: a pattern matches the whole name, * any text and ? any character`,
    );
  }
  if (!wasInterrupted) return 0;
  if (outlet.kept !== undefined) {
    report.line(`kept in ${outlet.kept}; continue with: ${shellCommand(cli.argv)}`);
  }
  return interruption.exitCode;
}

function describeEnd({ end }: Receipt, { kept, keepsAfterLimit }: Outlet): string {
  if (end === 'exhausted') return 'complete';
  if (end === 'limit') {
    return `stopped at --max-items, there may be more${keepsAfterLimit ? '; raise --max-items to continue from here' : ''}`;
  }
  const hint = kept === undefined ? '; with --out FILE the next run could continue from here' : '';
  return `interrupted, there may be more${hint}`;
}

interface FormatParts {
  readonly options: ListOptions;
  readonly query: RowQuery | undefined;
  readonly preview: number;
  readonly cli: CliProcess;
}

function formatFor<T>(
  { columns: known, tableColumns }: Operation<T>,
  { options, query, preview, cli }: FormatParts,
): Format<unknown> {
  const { columns } = options;
  const format = createFormat({
    output: formatOf(options, cli.stdout),
    known: query ? undefined : known,
    tableColumns,
    columns,
  });
  if (query) return mapRows(format, query.transform);
  return Number.isFinite(preview) ? mapRows(format, firstRows(preview)) : format;
}

/** In a demonstration on a terminal, a few rows: more would scroll the narration off the screen. */
function previewOf(
  { sandbox, output, filter, modifiedSince, maxItems, out, resume, query, columns }: ListOptions,
  { stdout }: CliProcess,
): number {
  const chosen = [output, filter, modifiedSince, maxItems, out, resume, query, columns];
  const isDemo = sandbox !== undefined && chosen.every((option) => option === undefined);
  return isDemo && stdout.isTTY ? 5 : Number.POSITIVE_INFINITY;
}
