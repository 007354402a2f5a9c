import { Cursor } from '../../core/cursor.js';
import type { DrainPosition } from '../../core/destination.js';
import { fingerprint } from '../../core/fingerprint.js';
import type { ItemsOptions } from '../arguments/options.js';
import { CliError, usageError } from '../cli-error.js';
import { formatCount, formatNumber } from '../format.js';
import type { Operation } from '../operations/operation.js';

/** What chooses the rows of a job, besides its query: kept with the position, because the spool has only those rows. */
export interface JobSettings {
  readonly filter?: string;
  /** As it was written. */
  readonly modifiedSince?: string;
  /** The moment that the first run took it for, in ISO 8601. */
  readonly since?: string;
  /** What the operation reads of its items, by option. */
  readonly details?: Readonly<Record<string, string>>;
  /** The file of `--failed`. */
  readonly failed?: string;
  /** A digest of the instance, for items that are not listed by it. */
  readonly instance?: string;
}

/** A position with the settings of its job. */
export type JobPosition = DrainPosition & { readonly settings?: JobSettings };

export function settingsOf<T>(
  { filter, modifiedSince, failed }: ItemsOptions,
  { settings }: Pick<Operation<T>, 'settings'>,
  instanceId: string,
): JobSettings {
  return {
    instance: fingerprint(instanceId),
    ...(failed !== undefined && { failed }),
    ...(settings && { details: settings }),
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
  const read = differenceOf(settings.details ?? {}, ours.details ?? {});
  if (read !== undefined) return read;
  if (cursor.query.operation !== query.operation) return 'lists something else: name another file';
  const { instance = ours.instance, failed } = settings;
  if (cursor.query.input['InstanceId'] !== query.input['InstanceId'] || instance !== ours.instance)
    return 'has another --instance-id: rerun it with that one';
  if (fingerprint(cursor.query.input) !== fingerprint(query.input))
    return 'has another --input: rerun it with that one';
  // An item that a run without --failed could not get past may be tolerated from now on.
  const kept = failed === undefined ? {} : { failed };
  const now = failed === undefined ? {} : { failed: ours.failed };
  return differenceOf({ ...chosenBy(settings), ...kept }, { ...chosenBy(ours), ...now });
}

function chosenBy({ filter, modifiedSince }: JobSettings): Record<string, string | undefined> {
  return { filter, 'modified-since': modifiedSince };
}

/** By the first option that differs. */
function differenceOf(
  before: Readonly<Record<string, string | undefined>>,
  ours: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const option = Object.keys({ ...before, ...ours }).find((name) => before[name] !== ours[name]);
  if (option === undefined) return undefined;
  const value = before[option];
  if (value === undefined) return `has no --${option}: rerun it without`;
  return `has --${option}${value && ` ${value}`}: rerun it with the same options`;
}
