import type { Receipt } from '../../core/receipt.js';
import type { Listing } from '../../listing/listing.js';
import { type ListOptions, profileOf } from '../arguments/options.js';
import type { ExitCode } from '../cli-error.js';
import type { CliProcess } from '../cli-process.js';
import { describeSandbox, type Instance, openInstance } from '../connection/open-instance.js';
import { jobDestination } from '../drain/job-destination.js';
import { settingsOf } from '../drain/job-settings.js';
import { openReceiptFile, type ReceiptFile } from '../drain/receipt-file.js';
import { previewOf, rowFormat } from '../formats/row-format.js';
import { Interruption } from '../interruption.js';
import type { Operation } from '../operations/operation.js';
import { selectItems } from '../operations/select-items.js';
import { type Outlet, openOutlet } from '../output/open-outlet.js';
import { compileQuery, type RowQuery } from '../query/compile-query.js';
import { Report } from '../report/report.js';
import { reportEnd } from '../report/report-end.js';
import { withResumeHint } from '../report/resume-hint.js';

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
    const { out, resume, region, profile } = options;
    const { isTTY } = cli.stdout;
    const query = options.query === undefined ? undefined : await compileQuery(options.query, operation);
    const receiptFile =
      options.receipt === undefined
        ? undefined
        : await openReceiptFile(options.receipt, { out, signal: interruption.signal });
    const preview = previewOf(options, { isTTY });
    const format = rowFormat(operation, { options, query, preview, isTTY });
    outlet = await openOutlet({
      out,
      resume,
      region,
      profile,
      format,
      cli,
      interruption,
      beforeWrite: report.hide,
    });
    instance = await openInstance(options);
    const run = { operation, options, report, interruption, outlet, instance, query, receiptFile };
    const { filter, modifiedSince } = options;
    const ended = await drainItems(run);
    const isFiltered = filter !== undefined || modifiedSince !== undefined;
    const { noun } = operation;
    reportEnd(report, { ...ended, noun, filter, isFiltered, preview, outlet, argv: cli.argv });
    return ended.receipt.end === 'aborted' ? interruption.exitCode : 0;
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
  readonly report: Report;
  readonly interruption: Interruption;
  readonly outlet: Outlet;
  readonly instance: Instance;
  readonly query: RowQuery | undefined;
  readonly receiptFile: ReceiptFile | undefined;
}

interface Drained {
  readonly receipt: Receipt;
  readonly distinct: number | undefined;
  readonly undated: number;
}

/** Drains the items; resolves also if that was interrupted. */
async function drainItems<T>(run: Run<T>): Promise<Drained> {
  const { operation, options, report, interruption, outlet, instance, query, receiptFile } = run;
  const { filter, modifiedSince, maxItems, maxElapsed: maxElapsedMs } = options;
  const { noun } = operation;
  const { signal } = interruption;
  let since = modifiedSince?.since;
  let undated = 0;
  const all = await operation.list(instance.client, instance.id, { ...options, maxElapsedMs });
  const items = selectItems(all, operation, {
    filter,
    maxItems,
    since: since && (() => since as Date),
    onUndated: () => void undated++,
  });
  const { cursor: start } = items.open();
  const destination = jobDestination(outlet.destination, {
    settings: settingsOf(options),
    maxItems,
    noun,
    start,
    restart: options.restart === true,
    outlet,
    onResume: (first) => {
      if (first.since !== undefined) since = new Date(first.since);
    },
  });
  const distinct = instance.sandbox && new Set<string | undefined>();
  const counted: Listing<T> = distinct ? items.tap((item) => void distinct.add(operation.idOf(item))) : items;
  if (instance.sandbox) report.narrate(describeSandbox(instance.sandbox));
  report.show();

  let receipt: Receipt | undefined;
  try {
    await counted.drainTo(destination, {
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
      if (!receipt)
        await receiptFile?.writeUnopened(error as Error, { query: start.query, target: destination.target });
      const { kept, startOver } = outlet;
      throw withResumeHint(error, {
        noun,
        written: receipt?.written ?? 0,
        isPublished: receipt?.end === 'exhausted' || receipt?.end === 'limit',
        kept,
        startOver,
        profile: profileOf(options),
      });
    }
  }
  if (!receipt) throw signal.reason;
  return { receipt, undated, distinct: receipt.resumed > 0 ? undefined : distinct?.size };
}
