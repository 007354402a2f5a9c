import { resolve } from 'node:path';
import { usageError } from '../cli-error.js';
import { plural } from '../format.js';
import type { OperationInput } from '../operations/checked-input.js';
import type { Operation, RequestOptions } from '../operations/operation.js';
import { chosenColumns } from './chosen-columns.js';
import type { MaxFailures } from './failure-options.js';
import { instanceReference, regionOf } from './instance-reference.js';
import type { ModifiedSince } from './modified-since.js';
import { formatByEnding, type OutputFormat, type Target, targetOf } from './target.js';

/** The options of every command that sends requests, as commander parses them. */
export interface ConnectionOptions extends RequestOptions {
  readonly instanceId?: string;
  /** The number of users in the sandbox. */
  readonly sandbox?: number;
  /** Each `--region`, in their order. */
  readonly region?: readonly string[];
  readonly profile?: string;
  readonly endpointUrl?: string;
  /** `connect-import` is a format of users only. */
  readonly output?: OutputFormat | 'connect-import';
  readonly out?: string;
  readonly filter?: string;
  readonly columns?: readonly string[];
}

/** The options of a command that lists the items of an operation. */
export interface ItemsOptions extends ConnectionOptions {
  readonly modifiedSince?: ModifiedSince;
  readonly query?: string;
  readonly maxItems?: number;
  /** The file with the position in a redirected standard output; true without one. */
  readonly resume?: string | true;
  readonly restart?: boolean;
  readonly receipt?: string;
  /** The file for items that fail one by one. */
  readonly failed?: string;
  readonly maxFailures?: MaxFailures;
}

/** The options of `list`. */
export interface ListOptions extends ItemsOptions {
  readonly input?: OperationInput;
}

/** The options of `find`. */
export type FindOptions = ConnectionOptions;

/** The options of `count`. */
export type CountOptions = ConnectionOptions;

/** The options of `backup`. */
export type BackupOptions = ConnectionOptions;

export interface ChangesOptions extends ConnectionOptions {
  readonly since: string;
  readonly update?: boolean;
  readonly allowRemovals?: boolean;
}

/** Throws a usage error for options that contradict each other, before anything is opened or sent. */
export function assertList<T>(options: ItemsOptions, operation: Operation<T>): void {
  const { resume, restart, out, output, receipt, columns, query } = options;
  if (operation.instance === undefined) assertConnection(options);
  else assertWithoutInstance(options, operation);
  assertChosen(options, operation);
  const target = targetOf(out);
  if (typeof resume === 'string') assertCheckpoint(resume, target, output);
  if (output === undefined && target.kind !== 'standard output') formatByEnding(target);
  assertParquet(output, target);
  // What a query makes of an item has other members.
  if (columns && query === undefined) chosenColumns(columns, operation.columns);
  if (restart && !isWhole(target)) throw usageError('--restart needs --out FILE');
  if (resume === true && target.kind === 'standard output') {
    throw usageError(
      '--resume without a file continues the run of --out FILE: add --out FILE, or name a file for the position of a redirected standard output',
    );
  }
  assertOwnFiles({ '--out': out, '--resume': resume, '--receipt': receipt, '--failed': options.failed });
}

/** Throws a usage error if two options name the same file. */
export function assertOwnFiles(files: Readonly<Record<string, string | true | undefined>>): void {
  const flags = new Map<string, string>();
  for (const [flag, path] of Object.entries(files)) {
    if (typeof path !== 'string') continue;
    const other = flags.get(resolve(path));
    if (other !== undefined) throw usageError(`${other} and ${flag} name the same file`);
    flags.set(resolve(path), flag);
  }
}

/** Throws a usage error for a page size, or a choice of items, that the operation does not have. */
function assertChosen<T>(
  { pageSize = 0, filter, modifiedSince }: ItemsOptions,
  { maxPageSize = 1000, noun, nameOf, modifiedAt }: Operation<T>,
): void {
  if (pageSize > maxPageSize) {
    throw usageError(
      maxPageSize === 0
        ? `--page-size: the service decides how many ${plural(noun)} a request returns; leave it out`
        : `--page-size must be at most ${maxPageSize}, the most ${plural(noun)} that a request can return here`,
    );
  }
  if (filter !== undefined && !nameOf) {
    throw usageError(`--filter: ${plural(noun)} have no name; choose them with --query, such as "[?...]"`);
  }
  if (modifiedSince && !modifiedAt) {
    throw usageError(`--modified-since: the service does not say when ${plural(noun)} were modified`);
  }
}

/** Throws a usage error for an instance that the operation does not take, or does not need in the sandbox. */
function assertWithoutInstance<T>(options: ItemsOptions, { instance, noun }: Operation<T>): void {
  if (instance === 'none' && options.instanceId !== undefined) {
    throw usageError(`--instance-id: ${plural(noun)} are not those of one instance; leave it out`);
  }
  assertTarget(options);
}

/** Like {@link assertList}, for the options of `changes`. */
export function assertChanges<T>(options: ChangesOptions, { columns: known }: Operation<T>): void {
  const { since, update, allowRemovals, out, columns } = options;
  assertConnection(options);
  if (allowRemovals && !update) throw usageError('--allow-removals needs --update');
  assertRows(options);
  if (columns) chosenColumns(columns, changeColumns(known));
  assertOwnFiles({ '--out': out, '--since': since });
}

interface ReportRows {
  readonly columns: Operation<unknown>['columns'];
}

/** Like {@link assertList}, for a command that writes rows of some columns and keeps no position. */
export function assertReport(options: ConnectionOptions, rows: ReportRows): void {
  assertConnection(options);
  assertReportRows(options, rows);
}

/** The part of {@link assertReport} that is about what is written. */
export function assertReportRows(options: ConnectionOptions, { columns }: ReportRows): void {
  assertRows(options);
  if (options.columns) chosenColumns(options.columns, columns);
}

/** Throws a usage error for a target that rows without a position cannot be written to. */
function assertRows({ out, output }: Pick<ItemsOptions, 'out' | 'output'>): void {
  const target = targetOf(out);
  if (output === undefined && target.kind !== 'standard output') formatByEnding(target);
  assertParquet(output, target);
}

/** The columns of a change: what happened, and the columns of the item. */
export function changeColumns(columns: Operation<unknown>['columns']): Operation<unknown>['columns'] {
  return [
    { key: 'type', header: 'type', width: 7 },
    ...columns.map((column) => ({ ...column, key: `item.${column.key}` })),
  ];
}

/** The profile from --profile or AWS_PROFILE, if any. */
export function profileOf({ profile }: Pick<ConnectionOptions, 'profile'>): string | undefined {
  return profile ?? (process.env['AWS_PROFILE'] || undefined);
}

/**
 * The given format, or the one of the file's ending; for standard output a table on a terminal, otherwise NDJSON. Not for
 * rows with a format of their own.
 */
export function formatOf(
  { output, query, resume, out }: Pick<ItemsOptions, 'output' | 'query' | 'resume' | 'out'>,
  { isTTY }: { readonly isTTY: boolean },
): OutputFormat {
  if (output && output !== 'connect-import') return output;
  const target = targetOf(out);
  if (target.kind !== 'standard output') return formatByEnding(target);
  return isTTY && resume === undefined && query === undefined ? 'table' : 'ndjson';
}

/** Throws a usage error unless the options name one instance. */
export function assertConnection(
  options: ConnectionOptions,
  wayOut = 'pageturn instances lists them; to try the command without one, use --sandbox',
): void {
  const { instanceId, sandbox, region = [] } = options;
  if (!sandbox && instanceId === undefined) throw usageError(`--instance-id is missing; ${wayOut}`);
  if (region.length > 1) {
    throw usageError('--region is named more than once, and an instance is in one Region; name that one');
  }
  assertTarget(options);
}

/** Throws a usage error for options that contradict each other about where requests are sent. */
function assertTarget({ instanceId, sandbox, endpointUrl, region }: ConnectionOptions): void {
  if (!sandbox) {
    if (instanceId !== undefined) regionOf(instanceReference(instanceId), region?.[0]);
    return;
  }
  for (const [flag, value] of Object.entries({
    '--instance-id': instanceId,
    '--endpoint-url': endpointUrl,
  })) {
    if (value !== undefined) throw usageError(`${flag} cannot be combined with --sandbox, which has its own`);
  }
}

/** The end of a Parquet file says where everything is, so that nothing can be written as it comes. */
function assertParquet(output: ItemsOptions['output'], target: Target): void {
  if (output === 'parquet' && !isWhole(target)) throw usageError('--output parquet needs --out FILE');
}

/** Whether the target is published when all rows are there. */
function isWhole({ kind }: Target): boolean {
  return kind === 'file' || kind === 's3';
}

function assertCheckpoint(resume: string, target: Target, output: ItemsOptions['output']): void {
  if (target.kind === 'special file') {
    throw usageError(
      `${target.path} is not a regular file, so --resume cannot continue it: name a regular file`,
    );
  }
  if (isWhole(target)) {
    const isSame = 'path' in target && resolve(target.path) === resolve(resume);
    throw usageError(
      isSame
        ? '--resume and --out name the same file; --out resumes by itself: leave --resume out'
        : `--out resumes by itself: leave --resume ${resume} out`,
    );
  }
  if (output !== undefined && output !== 'ndjson') {
    throw usageError(
      `--resume FILE needs --output ndjson: ${output} on standard output cannot be written in parts; use --out FILE`,
    );
  }
}
