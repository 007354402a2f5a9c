import type { UserSummary } from '@aws-sdk/client-connect';
import type { Traversal } from '../listing/traversal/traversal.js';
import type { Change } from '../node/snapshot/changes.js';
import type { ExitCode } from './cli-error.js';
import { formatCount, formatDuration, formatNumber } from './format.js';
import { Interruption } from './interruption.js';
import { describeSandbox, type Instance, openInstance } from './open-instance.js';
import { assertChanges, type ChangesOptions, formatOf } from './options.js';
import { createWriter } from './output/create-writer.js';
import { standardOutput } from './output/open-output.js';
import { writeRecords } from './output/record-writer.js';
import { userColumns } from './output/table-writer.js';
import { openPreviousSnapshot, type PreviousSnapshot } from './previous-snapshot.js';
import { Report } from './report.js';

/** `pageturn changes`: lists the users added, updated or removed since a snapshot, and can update the snapshot. */
export async function changes(options: ChangesOptions): Promise<ExitCode> {
  assertChanges(options);
  const report = new Report(process.stderr);
  const interruption = new Interruption();
  const stopListening = interruption.listen();
  let previous: PreviousSnapshot | undefined;
  let instance: Instance | undefined;
  try {
    instance = await openInstance(options);
    previous = await openPreviousSnapshot({ ...options, signal: interruption.signal }, instance.digest);
    return await writeChanges(instance, { options, previous, report, interruption });
  } catch (error) {
    if (error !== interruption.signal.reason) throw error;
    report.line(`interrupted: ${options.since} is unchanged`);
    return interruption.exitCode;
  } finally {
    stopListening();
    report.close();
    await instance?.close();
    await previous?.close();
  }
}

interface Context {
  readonly options: ChangesOptions;
  readonly previous: PreviousSnapshot;
  readonly report: Report;
  readonly interruption: Interruption;
}

async function writeChanges(
  { users, sandbox }: Instance,
  { options, previous, report, interruption }: Context,
): Promise<ExitCode> {
  const walk = users.open({ signal: interruption.signal });
  const summarize = (what: string) => {
    report.close();
    report.line(`${what} (${figuresOf(walk, report)})`);
  };
  if (sandbox) report.narrate(describeSandbox(sandbox));
  report.follow(() => walk.stats);
  if (previous.isMissing) {
    await previous.create(walk);
    summarize(`first snapshot taken: ${options.since}`);
    return 0;
  }

  const output = standardOutput(report.hide);
  const writer = createWriter(formatOf(options), output, COLUMNS);
  const counts = { added: 0, updated: 0, removed: 0 };
  const write = (change: Change<UserSummary>) => {
    counts[change.type]++;
    return writer.write(change);
  };
  await writeRecords(previous.changesTo(walk), { ...writer, write }, interruption);
  interruption.throwIfRequested();
  await writer.end();
  await output.flush();
  // Only now: a change that was not written is reported again next time.
  await previous.replace();
  const { added, updated, removed } = counts;
  const next = options.update ? `; ${options.since} is up to date` : '';
  summarize(
    `${formatNumber(added)} added, ${formatNumber(updated)} updated, ${formatNumber(removed)} removed${next}`,
  );
  return 0;
}

const COLUMNS = [
  { title: 'CHANGE', width: 7, value: ({ type }: Change<UserSummary>) => type },
  ...userColumns(({ item }: Change<UserSummary>) => item),
];

function figuresOf({ stats }: Traversal<UserSummary>, { elapsedMs }: Report): string {
  return [
    formatCount(stats.itemsSeen, 'user'),
    formatCount(stats.pages, 'page'),
    formatCount(stats.throttles, 'throttle'),
    formatDuration(elapsedMs),
  ].join(', ');
}
