import type { UserSummary } from '@aws-sdk/client-connect';
import { fingerprint } from '../../core/fingerprint.js';
import { glob } from '../../core/glob.js';
import type { Format } from '../../destinations/formats/format.js';
import type { Traversal } from '../../listing/traversal/traversal.js';
import type { Change } from '../../node/snapshot/changes.js';
import { type ChangesOptions, changeColumns, formatOf } from '../arguments/options.js';
import { targetOf } from '../arguments/target.js';
import type { ExitCode } from '../cli-error.js';
import type { CliProcess } from '../cli-process.js';
import { describeSandbox, type Instance, openInstance } from '../connection/open-instance.js';
import { formatCount, formatDuration, formatNumber } from '../format.js';
import { createFormat } from '../formats/create-format.js';
import type { Rows } from '../formats/map-rows.js';
import { Interruption } from '../interruption.js';
import type { Operation } from '../operations/operation.js';
import { openSpecialFile } from '../output/special-file.js';
import { standardOutput } from '../output/standard-output.js';
import { streamOutput } from '../output/stream-output.js';
import { openWholeFile, type RowOutput } from '../output/whole-file.js';
import { openPreviousSnapshot, type PreviousSnapshot } from '../previous-snapshot.js';
import { Report } from '../report/report.js';

/** `pageturn changes`: lists the users added, updated or removed since a snapshot, and can update the snapshot. */
export async function changes(
  operation: Operation<UserSummary>,
  options: ChangesOptions,
  cli: CliProcess,
): Promise<ExitCode> {
  const report = new Report(cli.stderr, operation.noun);
  const interruption = new Interruption(cli);
  const stopListening = interruption.listen();
  let output: RowOutput | undefined;
  let previous: PreviousSnapshot | undefined;
  let instance: Instance | undefined;
  try {
    const { signal } = interruption;
    const format = createFormat({
      output: formatOf(options, cli.stdout),
      known: changeColumns(operation.columns),
      tableColumns: changeTable(operation),
      columns: options.columns,
    });
    output = await openOutput(options.out, { format, cli, interruption, report });
    instance = await openInstance(options);
    previous = await openPreviousSnapshot({ ...options, signal }, fingerprint(instance.id));
    return await writeChanges({ operation, options, instance, previous, output, report, interruption });
  } catch (error) {
    if (error !== interruption.signal.reason) throw error;
    report.line(`interrupted: ${options.since} is unchanged`);
    return interruption.exitCode;
  } finally {
    stopListening();
    report.close();
    await instance?.close();
    await previous?.close();
    await output?.close();
  }
}

interface OutputParts {
  readonly format: Format<unknown>;
  readonly cli: CliProcess;
  readonly interruption: Interruption;
  readonly report: Report;
}

async function openOutput(
  out: string | undefined,
  { format, cli, interruption, report }: OutputParts,
): Promise<RowOutput> {
  const target = targetOf(out);
  if (target.kind === 'file') return openWholeFile(target.path, format, interruption.signal);
  const sink =
    target.kind === 'special file'
      ? await openSpecialFile(target.path, interruption.signal)
      : standardOutput(cli.stdout, { beforeWrite: report.hide });
  return streamOutput(sink, format, interruption);
}

interface Run {
  readonly operation: Operation<UserSummary>;
  readonly options: ChangesOptions;
  readonly instance: Instance;
  readonly previous: PreviousSnapshot;
  readonly output: RowOutput;
  readonly report: Report;
  readonly interruption: Interruption;
}

async function writeChanges({
  operation,
  options,
  instance,
  previous,
  output,
  ...run
}: Run): Promise<ExitCode> {
  const { report, interruption } = run;
  const { since, update, maxElapsed: maxElapsedMs } = options;
  const listing = await operation.list(instance.client, instance.id, { ...options, maxElapsedMs });
  const walk = listing.open({ signal: interruption.signal });
  const summarize = (what: string) => {
    report.close();
    report.line(`${what} (${figuresOf(walk, operation.noun, report)})`);
  };
  if (instance.sandbox) report.narrate(describeSandbox(instance.sandbox));
  report.show();
  if (previous.isMissing) {
    await previous.create(walk);
    // Yesterday's changes must not stand for today's.
    await output.publish(inChunks(noChanges()));
    summarize(`first snapshot taken: ${since}`);
    return 0;
  }

  const counts = { added: 0, updated: 0, removed: 0 };
  const chosen = matching(previous.changesTo(walk), operation, options.filter);
  await output.publish(inChunks(counted(chosen, counts)));
  interruption.throwIfRequested();
  // Only now: a change that was not written is reported again next time.
  await previous.replace();
  const { added, updated, removed } = counts;
  const next = update ? `; ${since} is up to date` : '';
  summarize(
    `${formatNumber(added)} added, ${formatNumber(updated)} updated, ${formatNumber(removed)} removed${next}`,
  );
  return 0;
}

type Changes = AsyncIterable<Change<UserSummary>>;

async function* noChanges(): Changes {}

/** The changes of users whose name matches, or did before. */
async function* matching(
  changes: Changes,
  { nameOf }: Operation<UserSummary>,
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

/** As many as a page has. */
const CHUNK = 1000;

async function* inChunks(changes: Changes): Rows<unknown> {
  let chunk: Change<UserSummary>[] = [];
  for await (const change of changes) {
    chunk.push(change);
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
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
