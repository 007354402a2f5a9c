import type { ErrorFields } from '../core/error-fields.js';
import { waitInResponse } from './error-in-response.js';
import { headersOf } from './headers-of.js';
import { isNumber, readWait } from './read-wait.js';

/**
 * How long the service asked to wait, in milliseconds, by the headers of an error: `Retry-After`, or one of its relatives
 * in milliseconds. Slack's errors have a member `retryAfter` instead, in seconds; other services say it in the body.
 * Undefined if it did not say.
 */
export function retryAfter(error: ErrorFields): number | undefined {
  const headers = headersOf(error);
  for (const name of MILLISECOND_HEADERS) {
    const ms = readMilliseconds(headers.get(name) ?? '');
    if (ms !== undefined) return ms;
  }
  const { retryAfter: own } = error;
  const value =
    headers.get('retry-after') ??
    otherSpelling(headers) ??
    (typeof own === 'number' ? String(own) : undefined) ??
    waitInResponse(error);
  if (value === undefined) return undefined;
  const now = serverTime(headers);
  const whole = readWait(value, { epochFrom: EPOCH_FROM, now });
  if (whole !== undefined) return whole;
  // A header that was sent twice is joined by a comma, which a date contains too.
  const waits = value.split(',', 10).map((one) => readWait(one, { epochFrom: EPOCH_FROM, now }));
  const known = waits.filter((wait) => wait !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
}

// AWS's retry step; Azure and OpenAI (two); gRPC.
const MILLISECOND_HEADERS = [
  'x-amz-retry-after',
  'retry-after-ms',
  'x-ms-retry-after-ms',
  'grpc-retry-pushback-ms',
];

/** A header that was sent twice is one value with a comma. */
function readMilliseconds(value: string): number | undefined {
  const numbers = value.split(',', 10).map((one) => one.trim());
  return numbers.every(isNumber) ? Math.max(...numbers.map(Number)) : undefined;
}

/** `x-retry-after`, `x-ratelimit-retry-after`, `retry-after-seconds`. */
function otherSpelling(headers: ReadonlyMap<string, string>): string | undefined {
  for (const [name, value] of headers) {
    if (name.length < LONGEST_NAME && OTHER_SPELLING.test(name)) return value;
  }
  return undefined;
}

const OTHER_SPELLING = /(^|-)retry-after(-sec(ond)?s?)?$/;

// No such header is longer; bounds the time of the pattern.
const LONGEST_NAME = 100;

// Seconds. 2024 as an epoch, which some services send; as a wait it would be 54 years.
const EPOCH_FROM = 1_704_067_200;

/** The service's own clock if it sends the date, because the local clock may be wrong. */
export function serverTime(headers: ReadonlyMap<string, string>): number {
  const sent = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(sent) ? Date.now() : sent;
}
