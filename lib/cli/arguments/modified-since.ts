import { InvalidArgumentError } from 'commander';
import { readDuration } from './read-duration.js';

/** What `--modified-since` was given, and the moment it means. */
export interface ModifiedSince {
  /** As it was written: two runs of one job agree on it, even if it means another moment in the second one. */
  readonly text: string;
  readonly since: Date;
}

/** A commander parser for a date, or for a duration before now. */
export function modifiedSince(text: string, now = new Date()): ModifiedSince {
  const durationMs = readDuration(text);
  const since = durationMs === undefined ? readDate(text) : new Date(now.getTime() - durationMs);
  if (!since || Number.isNaN(since.getTime())) {
    throw new InvalidArgumentError(
      'It must be a date, such as 2026-11-01 or 2026-11-01T08:00:00+01:00, or a duration, such as 24h or 7d.',
    );
  }
  // Nothing was modified in the future: with a mistyped year, an empty file would replace yesterday's.
  if (since.getTime() > now.getTime()) throw new InvalidArgumentError('It is in the future.');
  return { text, since };
}

const DATE = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** A date or a time in ISO 8601, in UTC unless it has an offset. */
function readDate(text: string): Date | undefined {
  const [, day = '', time = '00:00', zone = 'Z'] = DATE.exec(text) ?? [];
  // Date takes February 30 for March 2.
  const midnight = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(day)) return undefined;
  return new Date(`${day}T${time}${zone.toUpperCase().replace(/(\d{2})(\d{2})$/, '$1:$2')}`);
}
