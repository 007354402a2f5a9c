/**
 * Reads how long to wait, in milliseconds, from the value of a header: a number of seconds (decimals allowed), a duration
 * (`1m30s`, `6ms`), a date of HTTP or ISO 8601, or an epoch in seconds or milliseconds. Undefined if it is none of
 * these; 0 for a moment that has passed.
 */
export function readWait(value: string, { epochFrom, now }: ReadWaitOptions): number | undefined {
  const text = value.trim();
  if (text.length > LONGEST_VALUE) return undefined;
  if (/^\+?\d+(\.\d+)?$/.test(text)) {
    const number = Number(text);
    if (number < epochFrom) return number * 1000;
    return untilMoment(number < FIRST_EPOCH_MS ? number * 1000 : number, now);
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

// September 2001 in milliseconds; in seconds it is the year 33,658.
const FIRST_EPOCH_MS = 1e12;

function untilMoment(moment: number, now: number): number | undefined {
  return Number.isNaN(moment) ? undefined : Math.max(0, moment - now);
}

const MS_IN = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function readDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|[smhd]))+$/.test(text)) return undefined;
  let ms = 0;
  for (const [, count, unit] of text.matchAll(/([\d.]+)(ms|.)/g)) {
    ms += Number(count) * MS_IN[unit as keyof typeof MS_IN];
  }
  return ms;
}

/** `Date.parse` alone accepts almost anything as a date, and reads that of asctime (`Sun Nov  6 08:49:37 1994`) as local time. */
function readDate(text: string): number {
  if (!/\d\d:\d\d:\d\d/.test(text)) return Number.NaN;
  return Date.parse(/\d\d \d{4}$/.test(text) ? `${text} GMT` : text);
}
