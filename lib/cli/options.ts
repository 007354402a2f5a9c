import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { usageError } from './cli-error.js';

export type Format = 'table' | 'ndjson' | 'json';

/** The options of both commands, as commander parses them. */
export interface ConnectionOptions {
  readonly instanceId?: string;
  /** The number of users in the sandbox; true for the default. */
  readonly sandbox?: number | true;
  readonly region?: string;
  readonly profile?: string;
  readonly endpointUrl?: string;
  readonly pageSize?: number;
  /** The share of the quota to use. */
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
  readonly allowRemovals?: boolean;
}

/** Throws a usage error for options that contradict each other, before anything is opened or sent. */
function assertConnection({ instanceId, sandbox, ...options }: ConnectionOptions): void {
  if (!sandbox) {
    if (instanceId === undefined)
      throw usageError('--instance-id is missing; to try the command without one, use --sandbox');
    return;
  }
  const conflicting = { '--instance-id': instanceId, '--endpoint-url': options.endpointUrl };
  for (const [flag, value] of Object.entries(conflicting)) {
    if (value !== undefined) throw usageError(`${flag} cannot be combined with --sandbox, which has its own`);
  }
}

/** Like {@link assertConnection}, for the options of `users`. */
export function assertUsers({ resume, out, ...options }: UsersOptions): void {
  assertConnection(options);
  if (resume === undefined) return;
  if (options.output !== undefined && options.output !== 'ndjson') {
    throw usageError(`--resume needs --output ndjson: ${options.output} output cannot be written in parts`);
  }
  if (out !== undefined && resolve(out) === resolve(resume)) {
    throw usageError('--resume and --out name the same file');
  }
}

/** Like {@link assertConnection}, for the options of `changes`. */
export function assertChanges({ update, allowRemovals, ...options }: ChangesOptions): void {
  assertConnection(options);
  if (allowRemovals && !update) throw usageError('--allow-removals needs --update');
}

/** The profile from --profile or AWS_PROFILE, if any. */
export function profileOf({ profile }: Pick<ConnectionOptions, 'profile'>): string | undefined {
  return profile ?? (process.env['AWS_PROFILE'] || undefined);
}

/** The given format, or the default: a table on a terminal, NDJSON for pipes and files. */
export function formatOf({ output, resume, out }: UsersOptions): Format {
  return output ?? (process.stdout.isTTY && !resume && !out ? 'table' : 'ndjson');
}

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

export function httpUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('It must be an http or https URL.');
}

/** A commander parser for an instance id. The bounds are those of ListUsers' InstanceId in the model of 2017-08-08. */
export function instanceId(value: string): string {
  if (value.startsWith('arn:'))
    throw new InvalidArgumentError('Pass only the id: the part of the ARN after instance/.');
  return text(100)(value);
}

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
