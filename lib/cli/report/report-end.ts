import type { Receipt } from '../../core/receipt.js';
import type { KeptRun } from '../drain/job-settings.js';
import { bounded, formatCount, plural } from '../format.js';
import type { Operation } from '../operations/operation.js';
import type { Report } from './report.js';
import { shellCommand } from './shell-command.js';
import { summaryLine } from './summary-line.js';

interface EndedRun {
  readonly receipt: Receipt;
  readonly noun: string;
  /** The pattern of `--filter`, if nothing else selects items. */
  readonly filter: string | undefined;
  readonly isFiltered: boolean;
  /** The most rows that are shown of those that were written. */
  readonly preview: number;
  /** The number of distinct items, if counted. */
  readonly distinct: number | undefined;
  /** Items that were left out because the service does not say when they were modified. */
  readonly undated: number;
  /** Items that were left out because the service no longer has them. */
  readonly vanished: number;
  /** Whether all items were read, so that only publishing was left. */
  readonly isPublishing: boolean;
  /** The file with the items that failed. */
  readonly failures: string | undefined;
  readonly adviceFor: Operation<unknown>['adviceFor'] | undefined;
  readonly outlet: KeptRun;
  /** The words of the command line. */
  readonly argv: readonly string[];
}

/** The lines after a run that was not ended by an error: what it did, and how to continue. */
export function reportEnd(
  report: Report,
  { receipt, noun, filter, preview, undated, vanished, ...run }: EndedRun,
): void {
  const { isFiltered, distinct, outlet, argv } = run;
  const { written, complete, end } = receipt;
  report.close();
  if (written > preview) report.line(`(the first ${preview} ${plural(noun)}; --output table shows them all)`);
  const ending = describeEnd(end, { ...outlet, isPublishing: run.isPublishing });
  report.line(
    summaryLine({
      receipt,
      noun,
      distinct,
      elapsedMs: report.elapsedMs,
      isFiltered: isFiltered || receipt.failed > 0,
      ending,
    }),
  );
  if (filter !== undefined && written + receipt.failed + vanished === 0 && complete) {
    report.line(
      `no ${noun} name matches ${bounded(filter, 100)}: a pattern matches the whole name, * any text and ? any character`,
    );
  }
  if (undated > 0) report.line(`left out ${formatCount(undated, noun)} without a modification time`);
  if (vanished > 0) report.line(`left out ${formatCount(vanished, noun)} deleted in the meantime`);
  if (receipt.failed > 0) {
    const where =
      end === 'aborted' ? '' : `; ${run.failures} says why, and --only ${run.failures} reads them again`;
    report.line(`${formatCount(receipt.failed, noun)} failed${where}`);
  }
  if (complete || end === 'limit') for (const line of run.adviceFor?.(written) ?? []) report.line(line);
  const isKept = receipt.items > 0 || receipt.resumed > 0 || run.isPublishing;
  if (end === 'aborted' && isKept && outlet.kept !== undefined) {
    report.line(`kept in ${outlet.kept}; continue with: ${shellCommand(argv)}`);
  }
}

function describeEnd(
  end: Receipt['end'],
  { kept, keepsAfterLimit, isPublishing }: KeptRun & Pick<EndedRun, 'isPublishing'>,
): string {
  if (end === 'exhausted') return 'complete';
  if (end === 'limit') {
    return `stopped at --max-items, there may be more${keepsAfterLimit ? '; raise --max-items to continue from here' : ''}`;
  }
  if (isPublishing) return 'all were read; interrupted before they were published';
  const hint = kept === undefined ? '; with --out FILE the next run could continue from here' : '';
  return `interrupted, there may be more${hint}`;
}
