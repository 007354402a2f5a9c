import type { Clock } from '../core/clock.js';
import type { FaultKind } from './fault.js';
import { OPERATIONS, type OperationName } from './operations.js';

export interface RequestCounts {
  readonly requests: number;
  /** Answered with a result. */
  readonly served: number;
  /** Refused with a 429, by the quota or a fault. */
  readonly throttles: number;
  /** Everything else: other errors, and answers that never came or were cut off. */
  readonly failures: number;
}

export interface LoggedRequest {
  /** When it was taken up, in milliseconds since the sandbox started, by its clock. */
  readonly atMs: number;
  /** Undefined where there is no operation at the path. */
  readonly operation: OperationName | undefined;
  /** Undefined where the client never saw one. */
  readonly status: number | undefined;
  readonly fault: FaultKind | undefined;
}

export interface SandboxStats extends RequestCounts {
  /** The most requests that were open at one moment. */
  readonly maxConcurrent: number;
  readonly operations: Readonly<Record<OperationName, RequestCounts>>;
  /** The last 10,000 requests, in the order they were taken up. */
  readonly log: readonly LoggedRequest[];
}

export interface Outcome extends Omit<LoggedRequest, 'atMs'> {
  /** Whether the answer is worth nothing in spite of its status. */
  readonly cutOff: boolean;
}

export interface RequestStats {
  /** A request has come; call what is returned when it is over. */
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
      // Trimmed by halves: shifting ten thousand entries on every request would cost more than the request.
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
