import type { UserSummary } from '@aws-sdk/client-connect';
import type { Listing } from '../listing/listing.js';
import type { ExitCode } from './cli-error.js';
import { glob } from './glob.js';
import { Interruption } from './interruption.js';
import { describeSandbox, type Instance, openInstance } from './open-instance.js';
import { assertUsers, formatOf, type UsersOptions } from './options.js';
import { countingWriter } from './output/counting-writer.js';
import { createWriter } from './output/create-writer.js';
import { type Output, openOutput } from './output/open-output.js';
import { writeRecords } from './output/record-writer.js';
import { userColumns } from './output/table-writer.js';
import { NO_STATS, Report } from './report.js';
import { shellCommand, withResumeHint } from './resume-hint.js';
import { openResumeStore } from './resume-store.js';
import { summaryLine } from './summary-line.js';

/** `pageturn users`: writes every user of an instance as they arrive. */
export async function users(options: UsersOptions): Promise<ExitCode> {
  assertUsers(options);
  const report = new Report(process.stderr);
  const interruption = new Interruption();
  const stopListening = interruption.listen();
  let output: Output | undefined;
  let instance: Instance | undefined;
  try {
    output = await openOutput({ ...options, signal: interruption.signal }, report.hide);
    instance = await openInstance(options);
    return await writeUsers(instance, { options, output, report, interruption });
  } catch (error) {
    if (error !== interruption.signal.reason) throw error;
    report.line('interrupted before anything was read');
    return interruption.exitCode;
  } finally {
    stopListening();
    report.close();
    await instance?.close();
    await output?.close();
  }
}

interface Context {
  readonly options: UsersOptions;
  readonly output: Output;
  readonly report: Report;
  readonly interruption: Interruption;
}

async function writeUsers(
  { users, sandbox }: Instance,
  { options, output, report, interruption }: Context,
): Promise<ExitCode> {
  const listing = select(users, options);
  const store = openResumeStore(options, output, listing);
  const { signal } = interruption;
  const walk = store
    ? listing.resume(store, { key: 'users', everyMs: 1000, signal })
    : listing.open({ signal });
  const stats = () => walk.stats ?? NO_STATS;
  if (sandbox) report.narrate(describeSandbox(sandbox));
  report.follow(stats);

  const maxRows = sandbox ? previewRows(options) : Number.POSITIVE_INFINITY;
  const formatted = createWriter(formatOf(options), output, USER_COLUMNS);
  const writer = countingWriter(formatted, { countsDistinct: sandbox !== undefined, maxRows });
  try {
    await writeRecords(walk, writer, interruption);
    if (isOver(walk.end?.reason)) await writer.end();
    await output.sync();
  } catch (error) {
    if (error !== signal.reason) throw walk.stats ? withResumeHint(error, options, writer.count) : error;
    if (writer.count > 0) await output.sync();
  }
  const wasInterrupted = !isOver(walk.end?.reason);
  // An interrupted traversal throws the reason of its abort, not the error of its last save.
  if (wasInterrupted && store?.failure) throw withResumeHint(store.failure, options, writer.count);

  report.close();
  if (writer.count > maxRows) report.line(`(the first ${maxRows} users; --output table shows them all)`);
  report.line(
    summaryLine({
      stats: stats(),
      elapsedMs: report.elapsedMs,
      written: writer.count,
      isFiltered: options.filter !== undefined,
      wasResumed: store?.wasResumed ?? false,
      distinct: writer.distinct,
      ending: describeEnd(walk.end?.reason, options),
    }),
  );
  const { filter } = options;
  if (filter !== undefined && writer.count === 0 && !wasInterrupted && !store?.wasResumed) {
    report.line(
      `no user name matches ${filter}: a pattern matches the whole name, * any text and ? any character`,
    );
  }
  if (!wasInterrupted) return 0;
  if (store) report.line(`position saved in ${options.resume}; continue with: ${shellCommand(process.argv)}`);
  return interruption.exitCode;
}

const USER_COLUMNS = userColumns<UserSummary>((user) => user);

/** In a demonstration on a terminal, a few rows: more would scroll the narration off the screen. */
function previewRows({ output, filter, maxItems, resume, out }: UsersOptions): number {
  const isDemo = [output, filter, maxItems, resume, out].every((option) => option === undefined);
  return isDemo && process.stdout.isTTY ? 5 : Number.POSITIVE_INFINITY;
}

/** The operators are the same with and without --max-items, so that a later run may add, change or drop it. */
function select(users: Listing<UserSummary>, { filter, maxItems }: UsersOptions): Listing<UserSummary> {
  const matches = filter === undefined ? undefined : glob(filter);
  const filtered = matches ? users.filter(({ Username = '' }) => matches(Username)) : users;
  return filtered.take(maxItems ?? Number.POSITIVE_INFINITY);
}

function isOver(reason: string | undefined): boolean {
  return reason === 'exhausted' || reason === 'limit';
}

function describeEnd(reason: string | undefined, { resume }: UsersOptions): string {
  if (reason === 'exhausted') return 'complete';
  if (reason !== 'limit') {
    const hint = resume === undefined ? '; with --resume FILE the next run could continue from here' : '';
    return `interrupted, there may be more${hint}`;
  }
  const hint = resume === undefined ? '' : '; raise --max-items to continue from here';
  return `stopped at --max-items, there may be more${hint}`;
}
