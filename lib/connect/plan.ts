import { assertKnownOptions } from '../core/assert-known-options.js';
import { assertWholeNumber } from '../core/assert-whole-number.js';
import { invalidArgument } from '../core/errors.js';
import { checkedFields } from './checked-fields.js';
import { waysOf } from './choose-way.js';
import { NAME_LISTS } from './names.js';
import { operations } from './operations.js';
import { pagesOf, type RequestTime, requestTime } from './request-time.js';
import { type DetailsVia, nameKindsOf } from './user-fields.js';
import type { UserField } from './user-row.js';

/** What it takes to read the details of users in one way. */
export interface DetailsWay extends RequestTime {
  readonly via: DetailsVia;
  /** Requests by operation. Lists of names are counted at their default quota of resources: 500 hierarchy groups. */
  readonly requests: Readonly<Record<string, number>>;
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
    requests['SearchUsers'] = pagesOf(count, Math.min(pageSize, operations.SearchUsers.maxPageSize));
  else requests['ListUsers'] = pagesOf(count, Math.min(pageSize, operations.ListUsers.maxPageSize));
  if (via === 'describe') requests['DescribeUser'] = count;
  for (const kind of nameKindsOf(fields)) {
    const { operation, most } = NAME_LISTS[kind];
    requests[operation] = pagesOf(most, operations[operation].maxPageSize);
  }
  return { via, ...requestTime(requests, { ratePerSecond, share }) };
}
