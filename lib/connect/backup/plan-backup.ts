import { InstanceStorageResourceType, LexVersion } from '@aws-sdk/client-connect';
import { assertBoolean } from '../../core/assert-boolean.js';
import { assertKnownOptions } from '../../core/assert-known-options.js';
import { assertWholeNumber } from '../../core/assert-whole-number.js';
import { didYouMean } from '../../core/did-you-mean.js';
import { invalidArgument } from '../../core/errors.js';
import { operationNamed } from '../operation-named.js';
import { type PlanOptions, plan } from '../plan.js';
import { guideRate, inLargestUnit, pagesOf } from '../request-time.js';
import { CONCURRENCY } from '../resources/for-each-resource.js';
import { INSTANCE_RESOURCES, type InstanceResource } from '../resources/instance-resources.js';
import { RESOURCE_QUOTAS } from '../resources/resource-quotas.js';
import { SEARCHED_FIELDS } from '../user-fields.js';
import { CHILD_RESOURCES, type ChildResource } from './child-resources.js';

/** What a backup takes. */
export interface BackupPlan {
  /** Requests by operation, if no list of one parent has more than a page. */
  readonly requests: Readonly<Record<string, number>>;
  readonly totalRequests: number;
  /** Milliseconds at the quotas of the administrator guide, without their bursts, four lists at a time. */
  readonly durationMs: number;
  /** In words: `1,234 requests, 4 min`. */
  readonly summary: string;
}

/** Options of `planBackup`. */
export interface PlanBackupOptions extends Omit<PlanOptions, 'pageSize'> {
  /** Whether to include the lists that take a request for each user. Default: false. */
  readonly perUser?: boolean | undefined;
}

/** How many there are of what has no documented quota, such as views. A guess. */
const UNKNOWN = 10;

/**
 * How many requests a backup takes, and how long. `counts` says how many the instance has of each resource, by the names
 * that `count` uses; for what it leaves out, the default quota is assumed. Sends nothing. Throws ERR_INVALID_ARGUMENT for an
 * unknown resource or option, and for a count that is not a whole number from 0.
 *
 * @example
 * planBackup({ users: 5_000, 'contact-flows': 80 }).summary;
 */
export function planBackup(
  counts: Readonly<Record<string, number>>,
  options: PlanBackupOptions = {},
): BackupPlan {
  assertCounts(counts);
  assertKnownOptions('options of planBackup', options, ['perUser', 'ratePerSecond', 'share']);
  const { perUser = false, ...pace } = options;
  assertBoolean('perUser', perUser);
  const { ratePerSecond, share = 1 } = pace;
  const countOf = (name: string) => counts[name] ?? RESOURCE_QUOTAS[name]?.value ?? UNKNOWN;
  const requests = new Map<string, number>();
  const add = (operation: string, count: number) =>
    requests.set(operation, (requests.get(operation) ?? 0) + count);
  // One that checks whether the instance is there.
  add('ListUsers', 1);
  for (const resource of INSTANCE_RESOURCES) {
    for (const [operation, count] of requestsOf(resource, countOf(resource.name), pace))
      add(operation, count);
  }
  for (const child of CHILD_RESOURCES) {
    if (perUser || !child.isPerUser) add(child.operation, parentsOf(child, countOf));
  }
  const times = [...requests].map(
    ([operation, count]) => (count / (share * (ratePerSecond ?? guideRate(operation)))) * 1000,
  );
  const durationMs = Math.max(...times, sum(times) / CONCURRENCY);
  const totalRequests = sum([...requests.values()]);
  return {
    requests: Object.fromEntries(requests),
    totalRequests,
    durationMs,
    summary: `${totalRequests.toLocaleString('en-US')} requests, ${inLargestUnit(durationMs)}`,
  };
}

function assertCounts(counts: unknown): asserts counts is Readonly<Record<string, number>> {
  if (typeof counts !== 'object' || counts === null)
    throw invalidArgument('counts', 'an object with numbers by resource', counts);
  for (const [name, count] of Object.entries(counts)) {
    if (!NAMES.includes(name)) {
      const expected = `numbers by the resources of count, such as users and queues${didYouMean(name, NAMES)}`;
      throw invalidArgument('counts', expected, name);
    }
    assertWholeNumber(`counts.${name}`, count, 0);
  }
}

const NAMES: readonly string[] = INSTANCE_RESOURCES.map(({ name }) => name);

/** The requests for a list and for its details, by operation. */
function requestsOf(
  { name, operation, details }: InstanceResource,
  count: number,
  pace: PlanOptions,
): readonly (readonly [operation: string, count: number])[] {
  const list = [operation, pagesOf(count, largestPage(operation))] as const;
  if (name === 'users') return [list, ...Object.entries(plan(SEARCHED_FIELDS, count, pace).requests)];
  if (!details) return [list];
  return [list, [details.operation, pagesOf(count, largestPage(details.operation))]];
}

/** The few operations without MaxResults have pages of 100, as far as they are documented. */
function largestPage(operation: string): number {
  return operationNamed(operation)?.maxPageSize ?? 100;
}

/** How many lists there are, one for each parent. */
function parentsOf({ parents }: ChildResource, countOf: (name: string) => number): number {
  if ('resource' in parents) return countOf(parents.resource);
  const values = { LexVersion, InstanceStorageResourceType }[parents.enumeration];
  return Object.keys(values ?? {}).length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
