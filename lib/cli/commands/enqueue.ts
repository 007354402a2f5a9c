import { drainQueue } from '../../bullmq/drain-queue.js';
import { fileFor, shortName } from '../arguments/assert-enqueue.js';
import type { EnqueueOptions } from '../arguments/fleet-commands.js';
import type { ExitCode } from '../cli-error.js';
import type { CliProcess } from '../cli-process.js';
import { openQueueConnection } from '../fleet/open-queue-connection.js';
import { type QueuedOptions, type QueuedUsers, USERS_JOB, VERSION } from '../fleet/queued-users.js';
import { formatCount } from '../format.js';
import { runCommand } from '../run-command.js';

/** `pageturn enqueue`: adds a job for each instance, and reports the ones that were already in the queue. */
export function enqueue(options: EnqueueOptions, cli: CliProcess): Promise<ExitCode> {
  const whenInterrupted = 'interrupted; run the same command again to add the rest';
  return runCommand({ cli, noun: 'job', whenInterrupted }, async (command) => {
    const { report, signal, closeAtEnd } = command;
    const redis = await openQueueConnection(options, command);
    const { queue: name, run = new Date().toISOString().slice(0, 10), retry } = options;
    const queue = closeAtEnd(await drainQueue<QueuedUsers>(redis, { name }));
    let added = 0;
    const there = new Map<string, number>();
    for (const data of jobsOf(options)) {
      signal.throwIfAborted();
      const id = `${USERS_JOB}-${shortName(data.instance)}-${run}`;
      const { added: isNew, state } = await queue.add(id, data, { name: USERS_JOB });
      const isRetried = !isNew && state === 'failed' && retry;
      if (isRetried) await (await queue.bullmq.getJob(id))?.retry('failed', { resetAttemptsMade: true });
      if (isNew) added++;
      else count(there, isRetried ? 'retried' : state);
    }
    report.line(`added ${formatCount(added, 'job')} to the queue ${name} for the run ${run}`);
    if (there.size > 0)
      report.line(`${thereText(there)}${there.has('failed') ? '; --retry runs the failed ones again' : ''}`);
    return 0;
  });
}

function jobsOf({
  instanceId: ids = [],
  sandbox,
  instances = 1,
  out,
  ...options
}: EnqueueOptions): QueuedUsers[] {
  const { region, profile, endpointUrl, pageSize, share, filter, output, columns } = options;
  const job = (instance: string): QueuedUsers => {
    const given = { region, profile, endpointUrl, pageSize, share, filter, output, columns };
    const kept = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    return {
      version: VERSION,
      instance,
      options: { ...(kept as QueuedOptions), out: fileFor(out, instance) },
    };
  };
  if (sandbox === undefined) return ids.map(job);
  return Array.from({ length: instances }, (_, n) => ({
    ...job(`sandbox-${n + 1}`),
    sandbox: { users: sandbox, seed: n + 1 },
  }));
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function thereText(there: ReadonlyMap<string, number>): string {
  const total = [...there.values()].reduce((sum, one) => sum + one, 0);
  const states = [...there].map(([state, one]) => `${one} ${state}`).join(', ');
  return `${formatCount(total, 'job')} of this run ${total === 1 ? 'was' : 'were'} already in the queue: ${states}`;
}
