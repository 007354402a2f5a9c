import { resolve } from 'node:path';
import { usageError } from '../cli-error.js';
import { plural } from '../format.js';
import type { Operation } from '../operations/operation.js';
import { assertConnection, assertEndpoint } from './assert-connection.js';
import { assertOwnFiles } from './assert-own-files.js';
import { assertRowTarget, isWhole } from './assert-row-target.js';
import { chosenColumns } from './chosen-columns.js';
import type { ItemsOptions } from './options.js';
import { type Target, targetOf } from './target.js';

/** Throws a usage error for options that contradict each other, before anything is opened or sent. */
export function assertList<T>(options: ItemsOptions, operation: Operation<T>): void {
  const { resume, restart, out, output, receipt, columns, query } = options;
  if (operation.instance === undefined) assertConnection(options);
  else assertWithoutInstance(options, operation);
  assertChosen(options, operation);
  const target = targetOf(out);
  if (typeof resume === 'string') assertCheckpoint(resume, target, output);
  assertRowTarget(options);
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
  assertEndpoint(options);
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
