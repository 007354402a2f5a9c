import type { UserSummary } from '@aws-sdk/client-connect';
import { fingerprint } from '../../core/fingerprint.js';
import { glob } from '../../core/glob.js';
import type { Traversal } from '../../listing/traversal/traversal.js';
import type { Change } from '../../node/snapshot/changes.js';
import { changeColumns } from '../arguments/assert-changes.js';
import { formatOf } from '../arguments/format-of.js';
import type { ChangesOptions } from '../arguments/options.js';
import type { ExitCode } from '../cli-error.js';
import type { CliProcess } from '../cli-process.js';
import { describeSandbox, type Instance } from '../connection/instance.js';
import { openInstance } from '../connection/open-instance.js';
import { formatCount, formatDuration, formatNumber } from '../format.js';
import { createFormat } from '../formats/create-format.js';
import { inChunks } from '../formats/in-chunks.js';
import type { Operation } from '../operations/operation.js';
import { openRowOutput } from '../output/open-row-output.js';
import type { RowOutput } from '../output/open-whole-file.js';
import { assertSnapshot, openPreviousSnapshot, type PreviousSnapshot } from '../previous-snapshot.js';
import type { Report } from '../report/report.js';
import { type RunningCommand, runCommand } from '../run-command.js';

/** `pageturn changes`: lists the users added, updated or removed since a snapshot, and can update the snapshot. */
export function changes(
  operation: Operation<UserSummary>,
  options: ChangesOptions,
  cli: CliProcess,
): Promise<ExitCode> {
  const { noun } = operation;
  const whenInterrupted = `interrupted: ${options.since} is unchanged`;
  return runCommand({ cli, noun, whenInterrupted }, async (command) => {
    const { signal, closeAtEnd } = command;
    const format = createFormat({
      output: formatOf(options, cli.stdout),
      known: changeColumns(operation.columns),
      tableColumns: changeTable(operation),
      columns: options.columns,
    });
    const output = closeAtEnd(await openRowOutput(options, { format, command }));
    assertSnapshot(options);
    const instance = closeAtEnd(await openInstance(options, { signal }));
    const previous = closeAtEnd(await openPreviousSnapshot({ ...options, signal }, fingerprint(instance.id)));
    const summary = await writeChanges({ operation, options, instance, previous, output, command });
    command.report.close();
    command.report.line(summary);
    return 0;
  });
}

interface Run {
  readonly operation: Operation<UserSummary>;
  readonly options: ChangesOptions;
  readonly instance: Instance;
  readonly previous: PreviousSnapshot;
  readonly output: RowOutput;
  readonly command: RunningCommand;
}

/** Writes the changes, or takes the first snapshot. Resolves to the summary. */
async function writeChanges({
  operation,
  options,
  instance,
  previous,
  output,
  command,
}: Run): Promise<string> {
  const { report, interruption, signal } = command;
  const { since, update } = options;
  const listing = await operation.list(instance.client, instance.id, options);
  const walk = listing.open({ signal });
  report.start({ introduction: describeSandbox(instance), operation: operation.paged });
  if (previous.isMissing) {
    await previous.create(walk);
    // Yesterday's changes must not stand for today's.
    await output.publish(inChunks(noChanges()));
    return `first snapshot taken: ${since} (${figuresOf(walk, operation.noun, report)})`;
  }

  const counts = { added: 0, updated: 0, removed: 0 };
  const chosen = matching(previous.changesTo(walk), operation, options.filter);
  await output.publish(inChunks(counted(chosen, counts)));
  interruption.throwIfRequested();
  // Only now: a change that was not written is reported again next time.
  await previous.replace();
  const all = Object.entries(counts).map(([what, count]) => `${formatNumber(count)} ${what}`);
  const next = update ? `; ${since} is up to date` : '';
  return `${all.join(', ')}${next} (${figuresOf(walk, operation.noun, report)})`;
}

type Changes = AsyncIterable<Change<UserSummary>>;

async function* noChanges(): Changes {}

/** The changes of users whose name matches, or did before. */
async function* matching(
  changes: Changes,
  { nameOf = () => '' }: Operation<UserSummary>,
  filter: string | undefined,
): Changes {
  const matches = filter === undefined ? () => true : glob(filter);
  for await (const change of changes) {
    const { item, previous = item } = { previous: undefined, ...change };
    if (matches(nameOf(item)) || matches(nameOf(previous))) yield change;
  }
}

async function* counted(changes: Changes, counts: Record<Change<UserSummary>['type'], number>): Changes {
  for await (const change of changes) {
    counts[change.type]++;
    yield change;
  }
}

function changeTable({ tableColumns }: Operation<UserSummary>) {
  const ofItem = tableColumns.map((column) => ({ ...column, key: `item.${column.key}` }));
  return [{ key: 'type', header: 'CHANGE', width: 7 }, ...ofItem];
}

function figuresOf({ stats }: Traversal<UserSummary>, noun: string, { elapsedMs }: Report): string {
  return [
    formatCount(stats.itemsSeen, noun),
    formatCount(stats.pages, 'page'),
    formatCount(stats.throttles, 'throttle'),
    formatDuration(elapsedMs),
  ].join(', ');
}
