import type { ErrorFields } from '../core/error-fields.js';
import { headersOf } from './headers-of.js';
import { isNumber, readWait } from './read-wait.js';
import { serverTime } from './retry-after.js';

/** Whether the headers of an error say that a quota is spent. */
export function isQuotaSpent(error: ErrorFields): boolean {
  // Token buckets have fractions; a negative number may also mean that there is no limit.
  return quotasIn(headersOf(error)).some(({ remaining = 1 }) => remaining >= 0 && remaining < 1);
}

/**
 * How long it takes until the spent quotas that the headers of an error report are restored, in milliseconds. Undefined if
 * they report none, or do not say when.
 */
export function quotaReset(error: ErrorFields): number | undefined {
  const headers = headersOf(error);
  const now = serverTime(headers);
  const waits = quotasIn(headers)
    .filter(({ remaining = 0, reset }) => !(remaining >= 1) && reset !== undefined)
    .map(({ reset = '', isMs }) => readReset(reset, isMs, now))
    .filter((wait) => wait !== undefined);
  return waits.length > 0 ? Math.max(...waits) : undefined;
}

function readReset(reset: string, isMs: boolean | undefined, now: number): number | undefined {
  if (isMs && isNumber(reset) && Number(reset) < EPOCH_FROM) return Number(reset);
  return readWait(reset, { epochFrom: EPOCH_FROM, now });
}

// Seconds. September 2001 as an epoch; no quota takes 31 years.
const EPOCH_FROM = 1e9;

interface QuotaReport {
  readonly remaining?: number | undefined;
  readonly reset?: string | undefined;
  /** Whether the name of the header says that the reset is in milliseconds. */
  readonly isMs?: boolean;
}

/**
 * The quotas that headers report. One service may have several, distinguished by the rest of the name, such as OpenAI's
 * `x-ratelimit-remaining-requests` and `-tokens`. The field `RateLimit` is the IETF's: parameters `r` and `t`, or
 * `remaining` and `reset` up to draft 7.
 */
function quotasIn(headers: ReadonlyMap<string, string>): QuotaReport[] {
  const quotas = new Map<string, QuotaReport>();
  for (const [name, value] of headers) {
    const [, before = '', what, unit, after = ''] = name.length < 100 ? (QUOTA_HEADER.exec(name) ?? []) : [];
    if (what === undefined) continue;
    const key = before + after;
    const said =
      what === 'reset' ? { reset: value, isMs: unit !== undefined } : { remaining: Number.parseFloat(value) };
    quotas.set(key, { ...quotas.get(key), ...said });
  }
  const field = headers.get('ratelimit')?.slice(0, LONGEST_FIELD) ?? '';
  const items = field.includes('remaining=') ? [field] : field.split(',');
  const reports = items.map((item) => ({
    remaining: Number.parseFloat(/\b(?:r|remaining)=([\d.]+)/.exec(item)?.[1] ?? ''),
    reset: /\b(?:t|reset)=([\d.]+)/.exec(item)?.[1],
  }));
  return [...quotas.values(), ...reports];
}

/**
 * `x-ratelimit-reset`, `x-rate-limit-reset`, `ratelimit-reset`, `x-ratelimit-reset-after`, `x-ratelimit-reset-ms`,
 * `x-ratelimit-requests-reset`.
 */
const QUOTA_HEADER = /rate-?limit-([\w-]*-)?(remaining|reset)(?:-after)?(-ms|-milliseconds)?(-[\w-]+)?$/;

// Bounds the time of the patterns; a few quotas fit.
const LONGEST_FIELD = 500;
