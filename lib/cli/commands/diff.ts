import { diff as compare } from '../../connect/diff/diff.js';
import { MissingColumn } from '../../connect/diff/missing-column.js';
import type { Difference } from '../../node/diff/difference.js';
import type { DiffOptions, DiffSideName } from '../arguments/diff-sides.js';
import { formatOf } from '../arguments/format-of.js';
import { type ExitCode, usageError } from '../cli-error.js';
import type { CliProcess } from '../cli-process.js';
import { openDiffSources } from '../connection/open-diff-sources.js';
import { formatDuration, formatNumber } from '../format.js';
import { createFormat } from '../formats/create-format.js';
import { inChunks } from '../formats/in-chunks.js';
import { DIFFERENCE_COLUMNS, DIFFERENCE_TABLE, differenceRows } from '../operations/differences.js';
import { openRowOutput } from '../output/open-row-output.js';
import { announceInstances } from '../report/announce-instances.js';
import { runCommand } from '../run-command.js';

/** `pageturn diff`: writes how B differs from A. */
export function diff(
  names: readonly [DiffSideName, DiffSideName],
  options: DiffOptions,
  cli: CliProcess,
): Promise<ExitCode> {
  const whenInterrupted = 'interrupted before everything was compared';
  return runCommand({ cli, noun: 'user', whenInterrupted }, async (command) => {
    const { report, signal, closeAtEnd } = command;
    const { columns, key, fields } = options;
    const output = formatOf(options, cli.stdout);
    const isFlat = columns !== undefined || (output !== 'ndjson' && output !== 'json');
    const known = DIFFERENCE_COLUMNS;
    const format = createFormat({ output, known, tableColumns: DIFFERENCE_TABLE, columns });
    const target = closeAtEnd(await openRowOutput(options, { format, command }));
    const { sources, instances } = await openDiffSources(names, { options, signal, closeAtEnd });
    await announceInstances(report, ...instances);
    const [a, b] = sources;
    const counts = new Map<string, number>();
    const differences = compare(a, b, {
      signal,
      ...(key !== undefined && { key }),
      ...(fields && { fields }),
    });
    const all = counted(differences, counts);
    await target.publish(inChunks(isFlat ? flat(all) : all));
    report.close();
    report.line(`${summaryOf(counts)} (${formatDuration(report.elapsedMs)})`);
    return counts.has('incomplete') ? 1 : 0;
  });
}

async function* counted(differences: AsyncIterable<Difference<object>>, counts: Map<string, number>) {
  try {
    for await (const one of differences) {
      counts.set(one.type, (counts.get(one.type) ?? 0) + 1);
      yield one;
    }
  } catch (error) {
    throw withHeadings(error);
  }
}

/** What the library says of `readCsv`, in terms of the option. */
function withHeadings(error: unknown): unknown {
  if (!(error instanceof MissingColumn)) return error;
  const { what, field, heading = 'HEADING', delimiter } = error;
  if (delimiter !== undefined) return usageError(`${what}; pass its delimiter: --delimiter '${delimiter}'`);
  return usageError(`${what}; name its heading: --headings ${field}=${heading}`);
}

async function* flat(differences: AsyncIterable<Difference<object>>) {
  for await (const one of differences) yield* differenceRows(one);
}

/** `3 added, 0 removed, 12 changed, 1 duplicate`; the last kinds only if there are any. */
function summaryOf(counts: ReadonlyMap<string, number>): string {
  const always = ['added', 'removed', 'changed'];
  const others = [...counts.keys()].filter((type) => !always.includes(type));
  return [...always, ...others].map((type) => `${formatNumber(counts.get(type) ?? 0)} ${type}`).join(', ');
}
