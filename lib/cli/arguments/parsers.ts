import { InvalidArgumentError } from 'commander';
import { instanceReference } from './instance-reference.js';
import { readDuration } from './read-duration.js';

/** A commander parser for a whole number within bounds. */
export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const bounds = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  return (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (number >= min && number <= max) return number;
    throw new InvalidArgumentError(`It must be a whole number ${bounds}.`);
  };
}

/** A commander parser for a share: above 0 and at most 1. */
export function share(text: string): number {
  const number = /^(\d+|\d*\.\d+)$/.test(text) ? Number(text) : Number.NaN;
  if (number > 0 && number <= 1) return number;
  throw new InvalidArgumentError('It must be a number above 0 and at most 1, such as 0.5.');
}

/** A commander parser for a duration above 0, in milliseconds. */
export function duration(text: string): number {
  const ms = readDuration(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new InvalidArgumentError('It must be a duration, such as 90s, 10m or 2h.');
}

export function httpUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('It must be an http or https URL.');
}

/** A commander parser for the id, the ARN or the alias of an instance. */
export function instanceId(value: string): string {
  instanceReference(/^arn:/i.test(value) ? value : text(MAX_ID_LENGTH)(value));
  return value;
}

/** The bound of InstanceId in the service model of 2017-08-08; an alias has 45 characters at most. */
const MAX_ID_LENGTH = 100;

/** A commander parser for an option that may be repeated, each time with another value. */
export function repeated(
  parse: (value: string) => string,
): (value: string, others?: readonly string[]) => readonly string[] {
  return (value, others = []) => {
    const one = parse(value);
    if (others.includes(one)) throw new InvalidArgumentError('It is given twice.');
    return [...others, one];
  };
}

/** A commander parser for the name of a Region. */
export function region(value: string): string {
  if (REGION.test(value)) return value;
  throw new InvalidArgumentError(
    'It must be the name of a Region, such as eu-central-1; repeat it for several.',
  );
}

/** As far as the client looks: the name becomes part of the host name. */
const REGION = /^[a-z\d]([a-z\d-]*[a-z\d])?$/i;

/** A commander parser for non-blank text of limited length. */
export function text(maxLength = Number.POSITIVE_INFINITY): (value: string) => string {
  const rule =
    maxLength === Number.POSITIVE_INFINITY
      ? 'It must not be empty.'
      : `It must have 1 to ${maxLength} characters.`;
  return (value) => {
    if (value.trim() !== '' && value.length <= maxLength) return value;
    throw new InvalidArgumentError(rule);
  };
}

/** A commander parser for a list of names with commas between them. */
export function names(value: string): string[] {
  const list = value.split(',').map((name) => name.trim());
  if (list.every((name) => name !== '')) return list;
  throw new InvalidArgumentError('It must be a list of names with commas between them, such as Id,Username.');
}
