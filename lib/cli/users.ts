import type { UserSummary } from '@aws-sdk/client-connect';
import type { Listing } from '../listing/listing.js';
import type { ExitCode } from './cli-error.js';
import { closingLine } from './closing-line.js';
import { countedSink } from './counted-sink.js';
import { createSink } from './create-sink.js';
import { drain } from './drain.js';
import { glob } from './glob.js';
import { Interruption } from './interruption.js';
import { type Instance, introduce, openInstance } from './open-instance.js';
import { type Output, openOutput } from './open-output.js';
import { assertUsers, formatOf, type UsersOptions } from './options.js';
import { NO_STATS, Report } from './report.js';
import { withResumeHint } from './resume-hint.js';
import { openResumeStore } from './resume-store.js';
import { shellCommand } from './shell-command.js';
import { userColumns } from './user-columns.js';

/** `pageturn users`: every user of an instance, written as they arrive. */
export async function users(options: UsersOptions): Promise<ExitCode> {
  assertUsers(options);
  const report = new Report(process.stderr);
  const output = await openOutput(options, report.hide);
  const stop = new Interruption();
  const unlisten = stop.listen();
  let instance: Instance | undefined;
  try {
    instance = await openInstance(options);
    return await writeUsers(instance, { options, output, report, stop });
  } finally {
    unlisten();
    report.close();
    await instance?.close();
    await output.close();
  }
}

interface Context {
  readonly options: UsersOptions;
  readonly output: Output;
  readonly report: Report;
  readonly stop: Interruption;
}

async function writeUsers(
  { users, sandbox }: Instance,
  { options, output, report, stop }: Context,
): Promise<ExitCode> {
  const listing = select(users, options);
  const store = openResumeStore(options, output, listing);
  const { signal } = stop;
  const walk = store
    ? listing.resume(store, { key: 'users', everyMs: 1000, signal })
    : listing.open({ signal });
  const stats = () => walk.stats ?? NO_STATS;
  if (sandbox) report.narrate(introduce(sandbox));
  report.follow(stats);

  const rows = sandbox ? rowsShown(options) : Number.POSITIVE_INFINITY;
  const whole = createSink(formatOf(options), output, USER_COLUMNS);
  const sink = countedSink(whole, { keepsIds: sandbox !== undefined, rows });
  try {
    await drain(walk, sink, stop);
    if (isOver(walk.end?.reason)) await sink.end();
    await output.sync();
  } catch (error) {
    if (error !== signal.reason) throw walk.stats ? withResumeHint(error, options, sink.count) : error;
    await output.sync();
  }
  const wasInterrupted = !isOver(walk.end?.reason);
  // The traversal that was interrupted throws why, not what became of its last save.
  if (wasInterrupted && store?.failure) throw withResumeHint(store.failure, options, sink.count);

  report.close();
  if (sink.count > rows) report.line(`(the first ${rows} users; --output table shows them all)`);
  report.line(
    closingLine({
      stats: stats(),
      elapsedMs: report.elapsedMs,
      written: sink.count,
      isFiltered: options.filter !== undefined,
      wasResumed: store?.wasResumed ?? false,
      distinct: sink.distinct,
      ending: endingOf(walk.end?.reason, options),
    }),
  );
  if (!wasInterrupted) return 0;
  if (store) report.line(`saved in ${options.resume}; go on with: ${shellCommand(process.argv)}`);
  return 130;
}

const USER_COLUMNS = userColumns<UserSummary>((user) => user);

/** On a terminal a demonstration shows few users, lest they push what happens off the screen. */
function rowsShown({ output, filter, maxItems, resume, out }: UsersOptions): number {
  const isPlain = [output, filter, maxItems, resume, out].every((option) => option === undefined);
  return isPlain && process.stdout.isTTY ? 5 : Number.POSITIVE_INFINITY;
}

function select(users: Listing<UserSummary>, { filter, maxItems }: UsersOptions): Listing<UserSummary> {
  const matches = filter === undefined ? undefined : glob(filter);
  const chosen = matches ? users.filter(({ Username = '' }) => matches(Username)) : users;
  // Always there, so that runs with and without a limit are the same job.
  return chosen.take(maxItems ?? Number.POSITIVE_INFINITY);
}

function isOver(reason: string | undefined): boolean {
  return reason === 'exhausted' || reason === 'limit';
}

function endingOf(reason: string | undefined, { resume }: UsersOptions): string {
  if (reason === 'exhausted') return 'all seen';
  if (reason !== 'limit') {
    const advice = resume === undefined ? '; with --resume FILE the next run would go on from here' : '';
    return `interrupted, there may be more${advice}`;
  }
  const resumeHint = resume === undefined ? '' : '; a higher --max-items goes on from here';
  return `stopped at --max-items, there may be more${resumeHint}`;
}
