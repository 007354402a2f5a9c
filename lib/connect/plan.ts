import { assertKnownOptions } from '../core/assert-known-options.js';
import { assertWholeNumber } from '../core/assert-whole-number.js';
import { invalidArgument } from '../core/errors.js';
import { checkedFields } from './checked-fields.js';
import { waysOf } from './choose-way.js';
import { NAME_LISTS } from './names.js';
import { operations } from './operations.js';
import { type DetailsVia, nameKindsOf } from './user-fields.js';
import type { UserField } from './user-row.js';

/** What it takes to read the details of users in one way. */
export interface DetailsWay {
  readonly via: DetailsVia;
  /** Requests by operation. Lists of names are counted at their default quota of resources: 500 hierarchy groups. */
  readonly requests: Readonly<Record<string, number>>;
  readonly totalRequests: number;
  /** Milliseconds at the quota of the administrator guide, without its burst. */
  readonly durationMs: number;
  /** Milliseconds at the default quota of Service Quotas, which is higher for some operations. */
  readonly fastestMs: number;
  /** In words: `88 SearchUsers, 44 s`. */
  readonly summary: string;
}

/** The cheapest way, and all ways that have the fields, the cheapest first. */
export interface DetailsPlan extends DetailsWay {
  readonly ways: readonly DetailsWay[];
}

/** Options of `plan`. */
export interface PlanOptions {
  /** The quota of your account in requests per second, if it differs from the documented ones. */
  readonly ratePerSecond?: number;
  /** The part of the quota to use, above 0 and at most 1. Default: 1. */
  readonly share?: number | undefined;
  /** Users per request. Default: the most that the operation can return, which is also the bound. */
  readonly pageSize?: number | undefined;
}

/**
 * How many requests the fields of `count` users take, and how long, for each way to read them. Sends nothing. Throws
 * ERR_INVALID_ARGUMENT for an unknown field, with a suggestion, and for a count that is not a whole number from 0.
 *
 * @example
 * plan(['Username', 'RoutingProfileId'], 44_000).summary; // '88 SearchUsers, 44 s'
 * plan(['Username', 'Email'], 44_000).summary; // '44 ListUsers and 44,000 DescribeUser, 73 min at 10/s, 6 h at 2/s'
 */
export function plan(fields: readonly UserField[], count: number, options: PlanOptions = {}): DetailsPlan {
  assertKnownOptions('options of plan', options, ['ratePerSecond', 'share', 'pageSize']);
  const { ratePerSecond, share = 1, pageSize = Number.POSITIVE_INFINITY } = options;
  if (ratePerSecond !== undefined && !(typeof ratePerSecond === 'number' && ratePerSecond > 0))
    throw invalidArgument('ratePerSecond', 'a number above 0', ratePerSecond);
  if (!(typeof share === 'number' && share > 0 && share <= 1))
    throw invalidArgument('share', 'a number above 0 and at most 1', share);
  if (options.pageSize !== undefined) assertWholeNumber('pageSize', options.pageSize, 1);
  assertWholeNumber('count', count, 0);
  const checked = checkedFields(fields ?? [], []);
  const ways = waysOf(checked).map((via) =>
    wayOf(via, { fields: checked, count, ratePerSecond, share, pageSize }),
  );
  const [cheapest] = ways;
  // DescribeUser has every field.
  if (!cheapest) throw invalidArgument('fields', 'fields of a user', fields);
  return { ...cheapest, ways };
}

interface Job {
  readonly fields: readonly UserField[];
  readonly count: number;
  readonly ratePerSecond: number | undefined;
  readonly share: number;
  readonly pageSize: number;
}

function wayOf(via: DetailsVia, { fields, count, ratePerSecond, share, pageSize }: Job): DetailsWay {
  const requests: Record<string, number> = {};
  if (via === 'search')
    requests['SearchUsers'] = pages(count, Math.min(pageSize, operations.SearchUsers.maxPageSize));
  else requests['ListUsers'] = pages(count, Math.min(pageSize, operations.ListUsers.maxPageSize));
  if (via === 'describe') requests['DescribeUser'] = count;
  for (const kind of nameKindsOf(fields)) {
    const { operation, most } = NAME_LISTS[kind];
    requests[operation] = pages(most, operations[operation].maxPageSize);
  }
  const slow = slowest(requests, (operation) => share * (ratePerSecond ?? guideRate(operation)));
  const fast = slowest(requests, (operation) => share * (ratePerSecond ?? SERVICE_QUOTAS[operation] ?? 2));
  const isOne = slow.ms === fast.ms;
  const time = isOne ? duration(slow.ms) : `${atRate(fast)}, ${atRate(slow)}`;
  return {
    via,
    requests,
    totalRequests: Object.values(requests).reduce((sum, one) => sum + one, 0),
    durationMs: slow.ms,
    fastestMs: fast.ms,
    summary: `${inWords(requests)}, ${time}`,
  };
}

/** Even an empty list takes a request. */
function pages(count: number, size: number): number {
  return Math.max(1, Math.ceil(count / size));
}

function guideRate(operation: string): number {
  const known: Readonly<Record<string, { readonly quota: { readonly ratePerSecond: number } } | undefined>> =
    operations;
  // DescribeUser is not paged, and has the rate of everything that the guide does not name.
  return known[operation]?.quota.ratePerSecond ?? 2;
}

/** The default values in Service Quotas where they differ from the guide: L-CCC38177, L-EE6F0D82 and their like. */
const SERVICE_QUOTAS: Readonly<Record<string, number>> = {
  ListUsers: 10,
  DescribeUser: 10,
  ListRoutingProfiles: 10,
  ListUserHierarchyGroups: 10,
};

interface Bottleneck {
  readonly ms: number;
  readonly rate: number;
}

/** Each operation has a quota of its own, and they run side by side, so the slowest decides. */
function slowest(
  requests: Readonly<Record<string, number>>,
  rateOf: (operation: string) => number,
): Bottleneck {
  return Object.entries(requests)
    .map(([operation, count]) => ({ ms: (count / rateOf(operation)) * 1000, rate: rateOf(operation) }))
    .reduce((most, one) => (one.ms > most.ms ? one : most));
}

function inWords(requests: Readonly<Record<string, number>>): string {
  const parts = Object.entries(requests).map(
    ([operation, count]) => `${count.toLocaleString('en-US')} ${operation}`,
  );
  return parts.length < 2 ? parts.join() : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

function atRate({ ms, rate }: Bottleneck): string {
  return `${duration(ms)} at ${rate}/s`;
}

/** In the largest unit of which there are two. */
function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60).toLocaleString('en-US')} h`;
}
