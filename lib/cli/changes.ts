import type { UserSummary } from '@aws-sdk/client-connect';
import type { Traversal } from '../listing/traversal/traversal.js';
import type { Change } from '../node/snapshot/changes.js';
import type { ExitCode } from './cli-error.js';
import { createSink } from './create-sink.js';
import { drain } from './drain.js';
import { formatCount, formatDuration, formatNumber } from './format.js';
import { Interruption } from './interruption.js';
import { type Instance, introduce, openInstance } from './open-instance.js';
import { assertConnection, type ChangesOptions, formatOf } from './options.js';
import { openPreviousSnapshot, type PreviousSnapshot } from './previous-snapshot.js';
import { Report } from './report.js';
import { standardOutput } from './standard-output.js';
import { userColumns } from './user-columns.js';

/** `pageturn changes`: which users were added, updated or removed since a snapshot; and the next snapshot. */
export async function changes(options: ChangesOptions): Promise<ExitCode> {
  assertConnection(options);
  const report = new Report(process.stderr);
  const stop = new Interruption();
  const unlisten = stop.listen();
  let previous: PreviousSnapshot | undefined;
  let instance: Instance | undefined;
  try {
    instance = await openInstance(options);
    previous = await openPreviousSnapshot(options, instance.digest);
    return await writeChanges(instance, { options, previous, report, stop });
  } catch (error) {
    if (error !== stop.signal.reason) throw error;
    report.line(`interrupted: ${options.since} is as it was`);
    return 130;
  } finally {
    unlisten();
    report.close();
    await instance?.close();
    await previous?.close();
  }
}

interface Context {
  readonly options: ChangesOptions;
  readonly previous: PreviousSnapshot;
  readonly report: Report;
  readonly stop: Interruption;
}

async function writeChanges(
  { users, sandbox }: Instance,
  { options, previous, report, stop }: Context,
): Promise<ExitCode> {
  const walk = users.open({ signal: stop.signal });
  const say = (what: string) => {
    report.close();
    report.line(`${what} (${summaryOf(walk, report)})`);
  };
  if (sandbox) report.narrate(introduce(sandbox));
  report.follow(() => walk.stats);
  if (previous.isMissing) {
    await previous.replaceBy(walk);
    say(`first snapshot taken: ${options.since}`);
    return 0;
  }

  const output = standardOutput(report.hide);
  const sink = createSink(formatOf(options), output, COLUMNS);
  const counts = { added: 0, updated: 0, removed: 0 };
  const write = (change: Change<UserSummary>) => {
    counts[change.type]++;
    return sink.write(change);
  };
  await drain(previous.changesTo(walk), { ...sink, write }, stop);
  stop.throwIfRequested();
  await sink.end();
  await output.flush();
  // Whoever missed a change hears of it again next time.
  await previous.replace();
  const { added, updated, removed } = counts;
  const next = options.update ? `; ${options.since} is up to date` : '';
  say(
    `${formatNumber(added)} added, ${formatNumber(updated)} updated, ${formatNumber(removed)} removed${next}`,
  );
  return 0;
}

const COLUMNS = [
  { title: 'CHANGE', width: 7, value: ({ type }: Change<UserSummary>) => type },
  ...userColumns(({ item }: Change<UserSummary>) => item),
];

function summaryOf({ stats }: Traversal<UserSummary>, { elapsedMs }: Report): string {
  return [
    formatCount(stats.itemsSeen, 'user'),
    formatCount(stats.pages, 'page'),
    formatCount(stats.throttles, 'throttle'),
    formatDuration(elapsedMs),
  ].join(', ');
}
