import type { Job, Worker } from 'bullmq';
import { type DrainQueue, drainQueue } from '../../bullmq/drain-queue.js';
import { drainWorker } from '../../bullmq/drain-worker.js';
import { systemClock } from '../../core/clock.js';
import type { Receipt } from '../../core/receipt.js';
import type { WorkerOptions } from '../arguments/fleet-commands.js';
import type { ExitCode } from '../cli-error.js';
import type { CliProcess } from '../cli-process.js';
import { describeError } from '../describe-error.js';
import { ConnectClients } from '../fleet/connect-clients.js';
import { openQueueConnection } from '../fleet/open-queue-connection.js';
import { openUsersJob } from '../fleet/open-users-job.js';
import { isQueuedUsers } from '../fleet/queued-users.js';
import { formatCount } from '../format.js';
import type { Report } from '../report/report.js';
import { type RunningCommand, runCommand } from '../run-command.js';

/** `pageturn worker`: runs the jobs of a queue until a signal ends it, or until none is left. */
export function worker(options: WorkerOptions, cli: CliProcess): Promise<ExitCode> {
  const whenInterrupted = 'interrupted before the queue was open';
  return runCommand({ cli, noun: 'user', whenInterrupted }, async (command) => {
    const { queue: name, concurrency, untilEmpty } = options;
    const { report, signal, interruption, closeAtEnd } = command;
    const clients = closeAtEnd(new ConnectClients());
    const redis = await openQueueConnection(options, command);
    const running = await drainWorker<unknown, unknown>(redis, {
      name,
      concurrency,
      signal,
      run: ({ name: jobName, data }, call) =>
        isQueuedUsers(jobName, data) ? openUsersJob(data, { command, clients, ...call }) : undefined,
    });
    report.line(`running ${formatCount(concurrency, 'job')} at a time of the queue ${name}`);
    reportJobs(running.bullmq, report);
    report.start();
    const failed = untilEmpty ? await untilNoneIsLeft(await drainQueue(redis, { name }), command) : undefined;
    if (failed !== undefined) await running.close();
    await running.closed;
    if (failed === undefined) {
      report.line('handed its jobs to the other workers');
      return interruption.exitCode;
    }
    if (failed > 0)
      report.line(`${formatCount(failed, 'job')} failed; pageturn enqueue --retry runs them again`);
    return failed > 0 ? 1 : 0;
  });
}

function reportJobs(jobs: Worker<unknown, Receipt>, report: Report): void {
  jobs.on('completed', ({ id }, { written, target, resumed }) => {
    const again = resumed > 0 ? ', resumed' : '';
    report.line(`${id}: ${formatCount(written, 'user')} in ${target}${again}`);
  });
  jobs.on('failed', (job, error) => {
    const { message } = describeError(isFinal(error) ? error.cause : error);
    report.line(`${job?.id}: ${message}${attemptText(job, error)}`);
  });
  jobs.on('stalled', (id) => report.line(`${id}: its worker died; another worker takes over`));
}

/** An error that ends the retries has the original one as its cause. */
function isFinal({ name }: Error): boolean {
  return name === 'UnrecoverableError';
}

function attemptText(job: Job | undefined, error: Error): string {
  const { attemptsMade = 0, opts: { attempts = 1 } = {} } = job ?? {};
  return isFinal(error) || attemptsMade >= attempts
    ? ' (not retried)'
    : ` (attempt ${attemptsMade} of ${attempts})`;
}

/** Resolves to the number of jobs that have failed once no job is left to run; undefined if a signal comes first. */
async function untilNoneIsLeft(
  opened: DrainQueue<unknown>,
  { signal, closeAtEnd }: RunningCommand,
): Promise<number | undefined> {
  const { bullmq: queue } = closeAtEnd(opened);
  while (!signal.aborted) {
    const { failed = 0, ...left } = await queue.getJobCounts(...LEFT, 'failed');
    if (Object.values(left).every((count) => count === 0)) return failed;
    await systemClock.sleep(POLL_MS, signal).catch(() => {});
  }
  return undefined;
}

const LEFT = ['waiting', 'active', 'delayed', 'prioritized'] as const;
const POLL_MS = 500;
