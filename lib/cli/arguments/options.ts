import type { OperationInput } from '../operations/checked-input.js';
import type { RequestOptions } from '../operations/operation.js';
import type { MaxFailures } from './failure-options.js';
import type { ModifiedSince } from './modified-since.js';
import type { OutputFormat } from './target.js';

/** The options of every command that sends requests, as commander parses them. */
export interface ConnectionOptions extends RequestOptions {
  readonly instanceId?: string;
  /** The number of users in the sandbox. */
  readonly sandbox?: number;
  /** Each `--region`, in their order. */
  readonly region?: readonly string[];
  readonly profile?: string;
  readonly endpointUrl?: string;
  /** `connect-import` is a format of users only. */
  readonly output?: OutputFormat | 'connect-import';
  readonly out?: string;
  readonly filter?: string;
  readonly columns?: readonly string[];
}

/** The options of a command that lists the items of an operation. */
export interface ItemsOptions extends ConnectionOptions {
  readonly modifiedSince?: ModifiedSince;
  readonly query?: string;
  readonly maxItems?: number;
  /** The file with the position in a redirected standard output; true without one. */
  readonly resume?: string | true;
  readonly restart?: boolean;
  readonly receipt?: string;
  /** The file for items that fail one by one. */
  readonly failed?: string;
  readonly maxFailures?: MaxFailures;
}

/** The options of `list`. */
export interface ListOptions extends ItemsOptions {
  readonly input?: OperationInput;
}

/** The options of `backup`. */
export interface BackupOptions extends ConnectionOptions {
  readonly perUser?: boolean;
  /** The number of users to plan for, instead of writing anything; true asks the instance for it. */
  readonly plan?: number | true;
}

export interface ChangesOptions extends ConnectionOptions {
  readonly since: string;
  readonly update?: boolean;
  readonly allowRemovals?: boolean;
}

/** The profile from --profile or AWS_PROFILE, if any. */
export function profileOf({ profile }: Pick<ConnectionOptions, 'profile'>): string | undefined {
  return profile ?? (process.env['AWS_PROFILE'] || undefined);
}
