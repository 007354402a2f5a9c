import { count as countResources, type ResourceCount } from '../../connect/resources/count.js';
import { formatOf } from '../arguments/format-of.js';
import { type ConnectionOptions, profileOf } from '../arguments/options.js';
import type { ExitCode } from '../cli-error.js';
import type { CliProcess } from '../cli-process.js';
import { openInstance } from '../connection/open-instance.js';
import { describeError } from '../describe-error.js';
import { formatCount, formatDuration, formatNumber } from '../format.js';
import { createFormat } from '../formats/create-format.js';
import { listingOptions } from '../operations/operation.js';
import { COUNT_COLUMNS, COUNT_TABLE } from '../operations/resource-counts.js';
import { openRowOutput } from '../output/open-row-output.js';
import { announceInstances } from '../report/announce-instances.js';
import { runCommand } from '../run-command.js';

/** `pageturn count`: writes how many of each resource an instance has; fails if some could not be counted. */
export function count(options: ConnectionOptions, cli: CliProcess): Promise<ExitCode> {
  const whenInterrupted = 'interrupted before everything was counted';
  return runCommand({ cli, noun: 'item', whenInterrupted }, async (command) => {
    const { report, signal, closeAtEnd } = command;
    const format = createFormat({
      output: formatOf(options, cli.stdout),
      known: COUNT_COLUMNS,
      tableColumns: COUNT_TABLE,
      columns: options.columns,
    });
    const output = closeAtEnd(await openRowOutput(options, { format, command }));
    const instance = closeAtEnd(await openInstance(options, { signal }));
    const { client, id: InstanceId } = instance;
    const { retry, pace } = listingOptions(options);
    await announceInstances(report, instance);
    const counted = await countResources(client, { InstanceId }, { retry, pace, signal });
    const profile = profileOf(options);
    const messageOf = (error: Error) => describeError(error, { profile }).message;
    await output.publish(rowsOf(counted.resources, messageOf));
    report.close();
    const { resources, quotasError } = counted;
    const failed = resources.filter(({ error }) => error);
    if (quotasError) report.line(`using the documented quotas: ${messageOf(quotasError)}`);
    for (const { resource, error } of failed) {
      if (error) report.line(`${resource} could not be counted: ${messageOf(error)}`);
    }
    const done = formatNumber(resources.length - failed.length);
    report.line(
      `${done} of ${formatCount(resources.length, 'resource')} counted, ${formatDuration(report.elapsedMs)}`,
    );
    return failed.length > 0 ? 1 : 0;
  });
}

const NO_QUOTA = 'no documented quota';

async function* rowsOf(resources: readonly ResourceCount[], messageOf: (error: Error) => string) {
  yield resources.map(({ error, quotaFrom = NO_QUOTA, ...row }) => ({
    ...row,
    quotaFrom,
    ...(error && { error: messageOf(error) }),
  }));
}
