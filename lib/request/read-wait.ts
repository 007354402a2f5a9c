/**
 * Reads how long to wait, in milliseconds, from the value of a header: a number of seconds (decimals allowed), a duration
 * (`1m30s`, `6ms`, `5 seconds`), a date of HTTP or ISO 8601, or an epoch in seconds, milliseconds, microseconds or
 * nanoseconds. Undefined if it is none of these; 0 for a moment that has passed.
 */
export function readWait(value: string, { epochFrom, now }: ReadWaitOptions): number | undefined {
  if (value.length > LONGEST_VALUE) return undefined;
  const text = value.trim().replace(/^"(.*)"$/, '$1');
  if (isNumber(text)) {
    const number = Number(text);
    return number < epochFrom ? number * 1000 : untilMoment(epochMs(number), now);
  }
  return readDuration(text) ?? untilMoment(readDate(text), now);
}

interface ReadWaitOptions {
  /** Numbers from here on are not a wait but a point in time, in seconds since 1970. */
  readonly epochFrom: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

// No form is longer; bounds the time of the patterns below.
const LONGEST_VALUE = 64;

/** Whether a text is a decimal number that is not negative, in any spelling that `Number` reads. */
export function isNumber(text: string): boolean {
  return /^\+?(\d+(\.\d*)?|\.\d+)(e\+?\d{1,2})?$/i.test(text);
}

/** An epoch may count seconds, milliseconds, microseconds or nanoseconds. */
function epochMs(number: number): number {
  if (number < FIRST_EPOCH_MS) return number * 1000;
  return number < FIRST_EPOCH_US ? number : epochMs(number / 1000);
}

// September 2001 in milliseconds; in seconds it is the year 33,658.
const FIRST_EPOCH_MS = 1e12;

// March 1973 in microseconds; in milliseconds it is the year 5138.
const FIRST_EPOCH_US = 1e14;

function untilMoment(moment: number, now: number): number | undefined {
  return Number.isNaN(moment) ? undefined : Math.max(0, moment - now);
}

const MS_IN = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function readDuration(text: string): number | undefined {
  const spelt = text
    .toLowerCase()
    .replace(/\s+/g, '')
    .replace(UNIT_NAME, (_, ms, one) => (ms ? 'ms' : one[0]));
  if (!/^(\d+(\.\d+)?(ms|[smhd]))+$/.test(spelt)) return undefined;
  let ms = 0;
  for (const [, count, unit] of spelt.matchAll(/([\d.]+)(ms|.)/g)) {
    ms += Number(count) * MS_IN[unit as keyof typeof MS_IN];
  }
  return ms;
}

const UNIT_NAME = /(millisecond|msec)s?|((?:second|sec|minute|min|hour|hr|day)s?)/g;

/**
 * `Date.parse` alone accepts almost anything as a date, and reads one without a zone, such as that of asctime
 * (`Sun Nov  6 08:49:37 1994`), as local time.
 */
function readDate(text: string): number {
  if (!/\d\d:\d\d/.test(text)) return Number.NaN;
  if (/(z|[a-z]{3}|[+-]\d\d:?\d\d)$/i.test(text)) return Date.parse(text);
  return Date.parse(text + (/\dT\d/.test(text) ? 'Z' : ' GMT'));
}
