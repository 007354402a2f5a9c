import { operationNamed } from './operation-named.js';

/** How long some requests take. */
export interface RequestTime {
  /** Requests by operation. */
  readonly requests: Readonly<Record<string, number>>;
  readonly totalRequests: number;
  /** Milliseconds at the quota of the administrator guide, without its burst. */
  readonly durationMs: number;
  /** Milliseconds at the default quota of Service Quotas, which is higher for some operations. */
  readonly fastestMs: number;
  /** In words: `88 SearchUsers, 44 s`. */
  readonly summary: string;
}

interface RequestTimeOptions {
  /** The quota of the account in requests per second, if it is not the documented one. */
  readonly ratePerSecond?: number | undefined;
  /** The part of the quota to use. */
  readonly share: number;
}

/** How long requests of several operations take, side by side, each at its own quota. */
export function requestTime(
  requests: Readonly<Record<string, number>>,
  { ratePerSecond, share }: RequestTimeOptions,
): RequestTime {
  const slow = slowest(requests, (operation) => share * (ratePerSecond ?? guideRate(operation)));
  const fast = slowest(requests, (operation) => share * (ratePerSecond ?? SERVICE_QUOTAS[operation] ?? 2));
  const isOne = slow.ms === fast.ms;
  const time = isOne ? inLargestUnit(slow.ms) : `${atRate(fast)}, ${atRate(slow)}`;
  return {
    requests,
    totalRequests: Object.values(requests).reduce((sum, one) => sum + one, 0),
    durationMs: slow.ms,
    fastestMs: fast.ms,
    summary: `${inWords(requests)}, ${time}`,
  };
}

/** How many pages a list has. Even an empty one takes a request. */
export function pagesOf(count: number, size: number): number {
  return Math.max(1, Math.ceil(count / size));
}

/** In the largest unit of which there are two. */
export function inLargestUnit(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60).toLocaleString('en-US')} h`;
}

/** The documented quota of an operation, in requests per second. */
export function guideRate(operation: string): number {
  // DescribeUser is not paged, and has the rate of everything that the guide does not name.
  return operationNamed(operation)?.quota.ratePerSecond ?? 2;
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

/** Each operation has its own quota, and they run side by side, so the slowest decides. */
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
  return `${inLargestUnit(ms)} at ${rate}/s`;
}
