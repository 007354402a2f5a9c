import { isAlias } from '../arguments/instance-reference.js';
import type { ItemsOptions } from '../arguments/options.js';
import { targetOf } from '../arguments/target.js';
import type { ExitCode } from '../cli-error.js';
import type { CliProcess } from '../cli-process.js';
import { openInstance } from '../connection/open-instance.js';
import { drainItems } from '../drain/drain-items.js';
import { openReceiptFile } from '../drain/receipt-file.js';
import { previewOf, rowFormat } from '../formats/row-format.js';
import type { Operation } from '../operations/operation.js';
import { assertFolder } from '../output/assert-folder.js';
import { openOutlet } from '../output/open-outlet.js';
import { compileQuery } from '../query/compile-query.js';
import { reportEnd } from '../report/report-end.js';
import { runCommand } from '../run-command.js';

/** A command that lists the items of an operation: opens it, chooses items and columns, drains them, and reports. */
export function list<T>(operation: Operation<T>, options: ItemsOptions, cli: CliProcess): Promise<ExitCode> {
  const { noun } = operation;
  const whenInterrupted = 'interrupted before anything was read';
  return runCommand({ cli, noun, whenInterrupted }, async (command) => {
    const { report, interruption, signal, closeAtEnd } = command;
    const { out, receipt: receiptPath, filter, modifiedSince } = options;
    const { isTTY } = cli.stdout;
    const query = options.query === undefined ? undefined : await compileQuery(options.query, operation);
    const receiptFile =
      receiptPath === undefined ? undefined : await openReceiptFile(receiptPath, { out, signal });
    const { settings } = operation;
    const preview = previewOf(options, { settings, isTTY });
    const format = rowFormat(operation, { options, query, preview, isTTY });
    const outlet = closeAtEnd(await openOutlet(options, { format, command }));
    const target = targetOf(out);
    // Nothing is sent before it is known that the file can be written.
    if (isAlias(options.instanceId) && target.kind === 'file') assertFolder(target.path, 'cannot open');
    const instance = closeAtEnd(await openInstance(options, { signal }));
    const drained = await drainItems({ operation, options, command, outlet, instance, query, receiptFile });
    const isFiltered = filter !== undefined || modifiedSince !== undefined;
    reportEnd(report, {
      ...drained,
      noun,
      // With both, a name may have matched.
      filter: modifiedSince === undefined ? filter : undefined,
      isFiltered,
      preview,
      outlet,
      failures: options.failed,
      adviceFor: operation.adviceFor,
      argv: cli.argv,
    });
    const { end, written, failed } = drained.receipt;
    if (end === 'aborted') return interruption.exitCode;
    return written === 0 && failed > 0 ? 1 : 0;
  });
}
