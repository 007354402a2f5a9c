import type { Destination } from '../../core/destination.js';
import type { Receipt } from '../../core/receipt.js';
import type { Listing } from '../../listing/listing.js';
import { DEFAULT_MAX_FAILURES } from '../arguments/failure-options.js';
import { type ItemsOptions, profileOf } from '../arguments/options.js';
import { describeSandbox, type Instance } from '../connection/instance.js';
import type { Operation } from '../operations/operation.js';
import { selectItems } from '../operations/select-items.js';
import type { Outlet } from '../output/open-outlet.js';
import type { RowQuery } from '../query/compile-query.js';
import { withResumeHint } from '../report/resume-hint.js';
import type { RunningCommand } from '../run-command.js';
import { failedFile } from './failed-file.js';
import { jobDestination } from './job-destination.js';
import { settingsOf } from './job-settings.js';
import type { ReceiptFile } from './receipt-file.js';

interface DrainJob<T> {
  readonly operation: Operation<T>;
  readonly options: ItemsOptions;
  readonly command: RunningCommand;
  readonly outlet: Outlet;
  readonly instance: Instance;
  readonly query: RowQuery | undefined;
  readonly receiptFile: ReceiptFile | undefined;
}

interface DrainedItems {
  readonly receipt: Receipt;
  /** The number of distinct items, if counted. */
  readonly distinct: number | undefined;
  /** Items that were left out because the service does not say when they were modified. */
  readonly undated: number;
  /** Items that were left out because the service no longer has them. */
  readonly vanished: number;
  /** Whether all items were read, so that only publishing was left. */
  readonly isPublishing: boolean;
}

/** Drains the items that were asked for; resolves also if that was interrupted. */
export async function drainItems<T>(job: DrainJob<T>): Promise<DrainedItems> {
  const { operation, options, command, outlet, instance, query, receiptFile } = job;
  const { filter, modifiedSince, maxItems } = options;
  const { noun } = operation;
  const { report, signal } = command;
  let since = modifiedSince?.since;
  let undated = 0;
  let vanished = 0;
  // The instance of the sandbox takes the place of the one that has to be named.
  const instanceId = operation.instance && instance.sandbox ? '' : instance.id;
  const all = await operation.list(instance.client, instanceId, {
    ...options,
    clients: instance.clients,
    signal,
  });
  const items = selectItems(all, operation, {
    filter,
    maxItems,
    since: since && (() => since as Date),
    onUndated: () => void undated++,
  });
  const distinct = instance.sandbox && new Set<string | undefined>();
  const counted: Listing<T> = distinct ? items.tap((item) => void distinct.add(operation.idOf(item))) : items;
  const failed = options.failed === undefined ? undefined : failedFile(options.failed);
  // They are drained; the callback lets the rows be opened below for the cursor at their beginning.
  const tolerate = failed && { ...(options.maxFailures ?? DEFAULT_MAX_FAILURES), onFailed: () => {} };
  const rows = operation.rowsOf?.(counted, { onVanished: () => void vanished++, tolerate }) ?? counted;
  const { cursor: start } = rows.open();
  const destination = jobDestination(outlet.destination, {
    settings: settingsOf(options, operation, instance.id),
    maxItems,
    noun,
    start,
    restart: options.restart === true,
    outlet,
    onResume: (first) => {
      if (first.since !== undefined) since = new Date(first.since);
    },
  });
  const { paged, isDescribed } = operation;
  report.start({ introduction: describeSandbox(instance), operation: paged, isDescribed });

  let receipt: Receipt | undefined;
  let isPublishing = false;
  const onFinish = () => {
    isPublishing = true;
  };
  try {
    await instance.assertReady();
    await rows.drainTo(withFinish(destination, onFinish), {
      // Each page is written when it arrives: to be seen at once, and to be kept.
      everyMs: 0,
      signal,
      failed: failed && withFinish(failed, onFinish),
      onProgress: ({ written }) => report.done(written),
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
  return {
    receipt,
    undated,
    vanished,
    isPublishing,
    distinct: receipt.resumed > 0 ? undefined : distinct?.size,
  };
}

/** A destination that tells when it begins to publish. */
function withFinish<T>(destination: Destination<T>, onFinish: () => void): Destination<T> {
  return {
    ...destination,
    finish: (end) => {
      onFinish();
      return destination.finish(end);
    },
  };
}
