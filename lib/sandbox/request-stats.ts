import type { Clock } from '../core/clock.js';
import type { FaultKind } from './fault.js';
import { OPERATIONS, type OperationName } from './operations.js';

/** How many requests the sandbox received, and how it answered them. */
export interface RequestCounts {
  readonly requests: number;
  /** Requests answered with a result. */
  readonly served: number;
  /** Requests answered with a 429, by the quota or a fault. */
  readonly throttles: number;
  /** All others: answered with another error, cut off, or never answered. */
  readonly failures: number;
}

/** One request that the sandbox received. */
export interface LoggedRequest {
  /** When the request was processed, in milliseconds since the sandbox started, by its clock. */
  readonly atMs: number;
  /** Undefined if there is no operation at this path. */
  readonly operation: OperationName | undefined;
  /** Undefined if the client never received one. */
  readonly status: number | undefined;
  readonly fault: FaultKind | undefined;
}

/** What `Sandbox.stats` returns. */
export interface SandboxStats extends RequestCounts {
  /** The highest number of requests open at the same time. */
  readonly maxConcurrent: number;
  readonly operations: Readonly<Record<OperationName, RequestCounts>>;
  /** The last 10,000 requests, in the order they were processed. */
  readonly log: readonly LoggedRequest[];
}

export interface Outcome extends Omit<LoggedRequest, 'atMs'> {
  /** Whether the response was incomplete despite its status. */
  readonly cutOff: boolean;
}

export interface RequestStats {
  /** Counts a request as open until the returned function is called. */
  open(): () => void;
  record(outcome: Outcome): void;
  read(): SandboxStats;
}

const LOG_LIMIT = 10_000;

export function createRequestStats(clock: Clock): RequestStats {
  const startedAt = clock.now();
  const total = noCounts();
  const operations = Object.fromEntries(OPERATIONS.map(({ name }) => [name, noCounts()])) as Record<
    OperationName,
    Counts
  >;
  const log: LoggedRequest[] = [];
  let concurrent = 0;
  let maxConcurrent = 0;
  return {
    open() {
      maxConcurrent = Math.max(maxConcurrent, ++concurrent);
      return () => {
        concurrent--;
      };
    },
    record({ operation, status, fault, cutOff }) {
      const outcome = outcomeOf(status, cutOff);
      for (const counts of operation ? [total, operations[operation]] : [total]) {
        counts.requests++;
        counts[outcome]++;
      }
      log.push({ atMs: clock.now() - startedAt, operation, status, fault });
      // Trimmed in halves: shifting ten thousand entries on every request would cost more than the request itself.
      if (log.length >= 2 * LOG_LIMIT) log.splice(0, log.length - LOG_LIMIT);
    },
    read: () => ({ ...structuredClone({ ...total, operations }), maxConcurrent, log: log.slice(-LOG_LIMIT) }),
  };
}

type Counts = { -readonly [K in keyof RequestCounts]: number };

function noCounts(): Counts {
  return { requests: 0, served: 0, throttles: 0, failures: 0 };
}

function outcomeOf(status: number | undefined, cutOff: boolean): Exclude<keyof Counts, 'requests'> {
  if (status === 429) return 'throttles';
  return status === 200 && !cutOff ? 'served' : 'failures';
}
