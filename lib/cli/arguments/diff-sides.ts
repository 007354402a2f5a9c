import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { usageError } from '../cli-error.js';
import { DIFFERENCE_COLUMNS } from '../operations/differences.js';
import { assertReportRows } from './assert-report.js';
import { inputFlaw } from './input-flaw.js';
import { instanceReference, regionOf } from './instance-reference.js';
import type { ConnectionOptions } from './options.js';

/** The options of `pageturn diff`. */
export interface DiffOptions extends ConnectionOptions {
  readonly key?: string;
  readonly fields?: readonly string[];
  /** The headings of a CSV file, by field. */
  readonly headings?: Readonly<Record<string, string>>;
  /** What separates the cells of a CSV file. */
  readonly delimiter?: string;
}

/** What is compared: an instance, or the path of a file. */
export type DiffSideName =
  | { readonly instanceId: string; readonly region: string | undefined }
  | { readonly path: string };

/**
 * The two sides that are compared. A name with a dot or a slash in it, or that of an existing file, is a file. Throws a usage
 * error for a file that is not there, a folder, or a side that is neither.
 */
export function diffSides(
  names: readonly [a: string, b: string],
  options: DiffOptions,
): readonly [DiffSideName, DiffSideName] {
  const { region = [], sandbox, endpointUrl } = options;
  if (region.length > 2)
    throw usageError('--region is given more than twice; pass it once for A and once for B');
  const sides = names.map((name, n) => sideOf(name, region[n] ?? region[0]));
  const [a, b] = sides;
  if (!a || !b) throw usageError('diff needs two sides: A and B');
  const instances = sides.filter((side) => 'instanceId' in side).length;
  if (instances === 0 && sandbox) throw usageError('--sandbox has no effect on two files; leave it out');
  if (region.length > instances) {
    throw usageError(
      '--region is given more often than there are instances to compare; pass it once for each',
    );
  }
  if (sandbox && endpointUrl !== undefined)
    throw usageError('--endpoint-url cannot be combined with --sandbox, which has its own');
  if (names[0] === names[1] && region.length < 2)
    throw usageError('A and B are the same; pass two different sides');
  assertReportRows(options, { columns: DIFFERENCE_COLUMNS });
  return [a, b];
}

function sideOf(name: string, region: string | undefined): DiffSideName {
  const isArn = /^arn:/i.test(name);
  if (!isArn && (existsSync(name) || /[./\\]/.test(name))) {
    const flaw = inputFlaw(name);
    if (flaw === undefined) return { path: name };
    const hint = flaw === 'is a folder' ? `a file in it, such as ${join(name, 'users.ndjson')}` : 'a file';
    throw usageError(`${name} ${flaw}; name ${hint}, or the id of an instance`);
  }
  return { instanceId: name, region: regionOf(instanceReference(name), region) };
}
