import type { ItemsOptions } from '../arguments/options.js';

/** What a job of the command line is about: one instance, and how its users are written. It is plain JSON. */
export interface QueuedUsers {
  readonly version: typeof VERSION;
  /** The id, the ARN or the alias of the instance, or the name of a sandbox. */
  readonly instance: string;
  /** Which sandbox it is; absent for a real instance. */
  readonly sandbox?: { readonly users: number; readonly seed: number };
  readonly options: QueuedOptions;
}

/** The options of the listing and its file that a job takes along. */
export type QueuedOptions = Pick<
  ItemsOptions,
  'region' | 'profile' | 'endpointUrl' | 'pageSize' | 'share' | 'filter' | 'out' | 'output' | 'columns'
>;

/** The name of these jobs in the queue. */
export const USERS_JOB = 'users';

/** A worker leaves jobs of another version to the workers that know it. */
export const VERSION = 1;

/** Whether a job is one that this version of the command line can run. */
export function isQueuedUsers(name: string, data: unknown): data is QueuedUsers {
  return name === USERS_JOB && Object(data).version === VERSION;
}
