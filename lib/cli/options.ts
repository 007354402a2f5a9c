import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { usageError } from './cli-error.js';

export type Format = 'table' | 'ndjson' | 'json';

/** What both commands take, as commander hands it over. */
export interface ConnectionOptions {
  readonly instanceId?: string;
  /** How many users the sandbox is to have; true: as many as it has by default. */
  readonly sandbox?: number | true;
  readonly region?: string;
  readonly profile?: string;
  readonly endpointUrl?: string;
  readonly pageSize?: number;
  /** The part of the quota to take. */
  readonly share?: number;
  readonly output?: Format;
}

export interface UsersOptions extends ConnectionOptions {
  readonly filter?: string;
  readonly maxItems?: number;
  readonly resume?: string;
  readonly out?: string;
}

export interface ChangesOptions extends ConnectionOptions {
  readonly since: string;
  readonly update?: boolean;
}

/** Refuses what cannot go together, before anything is opened or sent. */
export function assertConnection({ instanceId, sandbox, ...options }: ConnectionOptions): void {
  if (!sandbox) {
    if (instanceId === undefined)
      throw usageError('--instance-id is missing; to try things out, take --sandbox');
    return;
  }
  const others = { '--instance-id': instanceId, '--endpoint-url': options.endpointUrl };
  for (const [flag, value] of Object.entries(others)) {
    if (value !== undefined) throw usageError(`${flag} does not go with --sandbox, which has its own`);
  }
}

/** As {@link assertConnection}, for all that `users` takes. */
export function assertUsers({ resume, out, ...options }: UsersOptions): void {
  assertConnection(options);
  if (resume === undefined) return;
  if (options.output !== undefined && options.output !== 'ndjson') {
    throw usageError(
      `--resume goes with --output ndjson: two halves of a ${options.output} do not make a whole`,
    );
  }
  if (out !== undefined && resolve(out) === resolve(resume)) {
    throw usageError('--resume and --out name the same file');
  }
}

/** The profile the credentials come from, where one was named. */
export function profileOf({ profile }: Pick<ConnectionOptions, 'profile'>): string | undefined {
  return profile ?? (process.env['AWS_PROFILE'] || undefined);
}

/** The format asked for; else a table for people, and lines of JSON for programs and files. */
export function formatOf({ output, resume, out }: UsersOptions): Format {
  return output ?? (process.stdout.isTTY && !resume && !out ? 'table' : 'ndjson');
}

/** A parser for a whole number within bounds, for commander. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const bounds = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  return (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It must be a whole number ${bounds}.`);
  };
}

/** A part of a whole, above 0 and at most 1. */
export function part(text: string): number {
  const number = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number > 0 && number <= 1) return number;
  throw new InvalidArgumentError('It must be a number above 0 and at most 1, such as 0.5.');
}

export function httpUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('It must be an http or https URL.');
}

/** The id of an instance, within the bounds of InstanceId of ListUsers in the service model of 2017-08-08. */
export function instanceId(value: string): string {
  if (value.startsWith('arn:'))
    throw new InvalidArgumentError('Give the id alone: the part after instance/.');
  return text(100)(value);
}

/** A text that is not blank, of so many characters at most. */
export function text(most = Number.POSITIVE_INFINITY): (value: string) => string {
  const bounds =
    most === Number.POSITIVE_INFINITY ? 'It must not be empty.' : `It must have 1 to ${most} characters.`;
  return (value) => {
    if (value.trim() !== '' && value.length <= most) return value;
    throw new InvalidArgumentError(bounds);
  };
}
