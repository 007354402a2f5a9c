import { Cursor } from '../../core/cursor.js';
import type { DrainPosition } from '../../core/destination.js';
import type { ListOptions } from '../arguments/options.js';
import { CliError, usageError } from '../cli-error.js';
import { formatCount, formatNumber } from '../format.js';

/** What chooses the rows of a job, besides its query: kept with the position, because the spool has only those rows. */
export interface JobSettings {
  readonly filter?: string;
  /** As it was written. */
  readonly modifiedSince?: string;
  /** The moment that the first run took it for, in ISO 8601. */
  readonly since?: string;
}

/** A position with the settings of its job. */
export type JobPosition = DrainPosition & { readonly settings?: JobSettings };

export function settingsOf({ filter, modifiedSince }: ListOptions): JobSettings {
  return {
    ...(filter !== undefined && { filter }),
    ...(modifiedSince && { modifiedSince: modifiedSince.text, since: modifiedSince.since.toISOString() }),
  };
}

/** What stays of a run that is not finished. */
export interface KeptRun {
  /** The file that keeps rows and position; undefined if nothing does. */
  readonly kept: string | undefined;
  /** Whether the position stays after a limit, so that a higher one continues there. */
  readonly keepsAfterLimit: boolean;
  /** How to discard it. */
  readonly startOver: string;
}

interface Run {
  readonly settings: JobSettings;
  readonly query: DrainPosition['cursor']['query'];
  readonly maxItems: number | undefined;
  readonly noun: string;
  readonly outlet: KeptRun;
}

/** Throws a usage error unless an unfinished run chose the same rows of the same instance. */
export function assertSameJob(position: JobPosition, run: Run): void {
  const { kept, startOver } = run.outlet;
  const difference = differenceFrom(position, run);
  if (difference !== undefined) {
    throw usageError(`the unfinished run in ${kept} ${difference}, or ${startOver} to start over`);
  }
  const { maxItems, noun, outlet } = run;
  const taken = Cursor.countOf(position.cursor, 'take');
  if (maxItems === undefined || taken < maxItems || (taken === maxItems && !outlet.keepsAfterLimit)) return;
  throw new CliError(
    `${kept} already has ${formatCount(taken, noun)}, and --max-items is ${formatNumber(maxItems)}; raise it to continue, or ${startOver} to start over`,
  );
}

/** How the job of a position differs, and what to do about it; undefined if it is the same. */
export function differenceFrom(
  { cursor, settings = {} }: JobPosition,
  { settings: ours, query }: Pick<Run, 'settings' | 'query'>,
): string | undefined {
  if (cursor.query.operation !== query.operation) return 'lists something else: name another file';
  if (cursor.query.input['InstanceId'] !== query.input['InstanceId'])
    return 'has another --instance-id: rerun it with that one';
  for (const [member, flag] of SETTINGS) {
    const before = settings[member];
    if (before === ours[member]) continue;
    return before === undefined
      ? `has no ${flag}: rerun it without`
      : `has ${flag} ${before}: rerun it with the same options`;
  }
  return undefined;
}

const SETTINGS = [
  ['filter', '--filter'],
  ['modifiedSince', '--modified-since'],
] as const;
