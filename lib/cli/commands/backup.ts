import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type BackupReceipt, backup as backUp } from '../../connect/backup/backup.js';
import type { FailedItemError } from '../../core/failed-item.js';
import { kindOf } from '../../node/files/open-regular-file.js';
import type { BackupOptions } from '../arguments/options.js';
import { CliError, type ExitCode, fileError, isFileError } from '../cli-error.js';
import type { CliProcess } from '../cli-process.js';
import { openInstance } from '../connection/open-instance.js';
import { formatCount, formatDuration, formatNumber } from '../format.js';
import { listingOptions } from '../operations/operation.js';
import { announceInstances } from '../report/announce-instances.js';
import type { Report } from '../report/report.js';
import { runCommand } from '../run-command.js';

/** `pageturn backup`: writes everything an instance has into a folder; fails if something is missing in it. */
export function backup(folder: string, options: BackupOptions, cli: CliProcess): Promise<ExitCode> {
  const whenInterrupted = `interrupted: what is done is kept in ${folder}; run the same command again to resume`;
  return runCommand({ cli, noun: 'item', whenInterrupted }, async ({ report, signal, closing }) => {
    assertNotAFile(folder);
    const instance = closing(await openInstance(options, { signal }));
    const { client, id: InstanceId } = instance;
    const { retry, pace } = listingOptions(options);
    await announceInstances(report, instance);
    const receipt = await backUp(client, { InstanceId }, folder, { retry, pace, signal }).catch(
      (error: unknown) => {
        throw isFileError(error) ? fileError(`cannot write to ${folder}`, resolve(folder), error) : error;
      },
    );
    report.close();
    reportResources(report, receipt, folder);
    return receipt.complete ? 0 : 1;
  });
}

/** Throws before anything is sent if something other than a folder is there. */
function assertNotAFile(folder: string): void {
  if (!existsSync(folder)) return;
  const stats = statSync(folder);
  if (!stats.isDirectory())
    throw new CliError(`cannot write to ${folder}: it is ${kindOf(stats)}; name a folder`);
}

function reportResources(report: Report, { resources }: BackupReceipt, folder: string): void {
  for (const { resource, error, detailsError } of resources) {
    if (error) report.line(`${resource} could not be read: ${shown(error)}`);
    if (detailsError) report.line(`${resource} have no details: ${shown(detailsError)}`);
  }
  const complete = resources.filter((one) => one.complete);
  const items = complete.reduce((sum, { receipt }) => sum + (receipt?.written ?? 0), 0);
  const done = `${formatNumber(complete.length)} of ${formatCount(resources.length, 'resource')}`;
  const figures = `${formatCount(items, 'item')}, ${formatDuration(report.elapsedMs)}`;
  report.line(`${done} written to ${folder} (${figures})`);
}

function shown({ name, message }: FailedItemError): string {
  return message === undefined ? name : `${name}: ${message}`;
}
