import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type BackupReceipt, backup as backUp } from '../../connect/backup/backup.js';
import { DestinationFailed } from '../../core/destination-failed.js';
import { PageturnError } from '../../core/errors.js';
import type { FailedItemError } from '../../core/failed-item.js';
import { systemErrorOf } from '../../core/system-error.js';
import { DrainFolder } from '../../node/drain-folder.js';
import { kindOf } from '../../node/files/open-regular-file.js';
import { type BackupOptions, profileOf } from '../arguments/options.js';
import { CliError, type ExitCode, fileError, isFileError } from '../cli-error.js';
import type { CliProcess } from '../cli-process.js';
import { openInstance } from '../connection/open-instance.js';
import { describeError } from '../describe-error.js';
import { formatCount, formatDuration, formatNumber } from '../format.js';
import { listingOptions } from '../operations/operation.js';
import { announceInstances } from '../report/announce-instances.js';
import type { Report } from '../report/report.js';
import { runCommand } from '../run-command.js';

/** `pageturn backup`: writes everything an instance has into a folder; fails if something is missing in it. */
export function backup(folder: string, options: BackupOptions, cli: CliProcess): Promise<ExitCode> {
  const whenInterrupted = `interrupted: what is done is kept in ${folder}; run the same command again to resume`;
  return runCommand({ cli, noun: 'item', whenInterrupted }, async ({ report, signal, closeAtEnd }) => {
    assertNotAFile(folder);
    const instance = closeAtEnd(await openInstance(options, { signal }));
    const { client, id: InstanceId } = instance;
    const { retry, pace } = listingOptions(options);
    const { perUser = false } = options;
    await announceInstances(report, instance);
    const receipt = await backUp(client, { InstanceId }, folder, { retry, pace, perUser, signal }).catch(
      (error: unknown) => {
        throw signal.aborted ? error : withFolder(error, folder, profileOf(options));
      },
    );
    report.close();
    reportResources(report, receipt, folder);
    return receipt.complete ? 0 : 1;
  });
}

/** Throws before anything is sent if the path exists and is not a folder. */
function assertNotAFile(folder: string): void {
  if (!existsSync(folder)) return;
  const stats = statSync(folder);
  if (!stats.isDirectory())
    throw new CliError(`cannot write to ${folder}: it is ${kindOf(stats)}; name a folder`);
}

/** An error that the same command can be run again after, with what it is about and what is kept. */
function withFolder(error: unknown, folder: string, profile: string | undefined): unknown {
  const described = inWords(error, folder, profile);
  if (described === undefined) return error;
  if (!DrainFolder.isUnfinished(folder)) return new CliError(described, 1, error);
  const fix = isRequestFailed(error) ? '' : 'fix this, then ';
  const kept = `what is done is kept in ${folder}: ${fix}rerun the same command to continue`;
  return new CliError(`${described}; ${kept}`, 1, error);
}

/** Undefined for an error that says everything itself. */
function inWords(error: unknown, folder: string, profile: string | undefined): string | undefined {
  if (isFileError(error)) return fileError(`cannot write to ${folder}`, resolve(folder), error).message;
  if (error instanceof DestinationFailed && isFileError(error.cause))
    return `cannot ${error.what}: ${systemErrorOf(error.cause).reason}`;
  return isRequestFailed(error) ? describeError(error, { profile }).message : undefined;
}

function isRequestFailed(error: unknown): boolean {
  return error instanceof PageturnError && error.code === 'ERR_REQUEST_FAILED';
}

function reportResources(report: Report, { resources, notIncluded }: BackupReceipt, folder: string): void {
  for (const {
    resource,
    operation,
    details,
    withoutDetails = 0,
    receipt,
    error,
    detailsError,
  } of resources) {
    if (error) report.line(`${resource} could not be read: ${shown(error, operation)}`);
    if (receipt?.missing !== undefined) report.line(`${resource} are not complete: ${receipt.missing}`);
    if (detailsError) report.line(`${resource} have no details: ${shown(detailsError, details)}`);
    if (withoutDetails > 0) {
      const some = `${formatNumber(withoutDetails)} of ${formatNumber(receipt?.written ?? 0)} ${resource}`;
      const have = withoutDetails === 1 ? 'has' : 'have';
      report.line(
        `${some} ${have} no details: ${details} does not return ${withoutDetails === 1 ? 'it' : 'them'}`,
      );
    }
  }
  const complete = resources.filter((one) => one.complete);
  const items = complete.reduce((sum, { receipt }) => sum + (receipt?.written ?? 0), 0);
  const done = `${formatNumber(complete.length)} of ${formatCount(resources.length, 'resource')}`;
  const requests = resources.reduce((sum, { receipt }) => sum + (receipt?.requests ?? 0), 0);
  const figures = [formatCount(items, 'item'), formatCount(requests, 'request')].join(', ');
  report.line(`${done} written to ${folder} (${figures}, ${formatDuration(report.elapsedMs)})`);
  const left = formatCount(notIncluded.length, 'operation');
  report.line(`${left} not included, such as those of a contact; receipt.json names them`);
}

function shown({ name, message }: FailedItemError, operation = ''): string {
  const text = message === undefined ? name : `${name}: ${message.replace(/[\s.]$/, '')}`;
  if (name !== 'AccessDeniedException') return text;
  // The details of users take several operations.
  const [permission = `connect:${operation}`] = /\bconnect:\w+/i.exec(message ?? '') ?? [];
  return `${text}; the credentials need the permission ${permission}`;
}
