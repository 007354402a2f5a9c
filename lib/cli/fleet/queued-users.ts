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

/** Whether a job is one that this version of the command line can run, with nothing in it that it would leave out. */
export function isQueuedUsers(name: string, data: unknown): data is QueuedUsers {
  const { version, instance, sandbox: _, options, ...more } = Object(data) as Partial<QueuedUsers>;
  return (
    name === USERS_JOB &&
    version === VERSION &&
    typeof instance === 'string' &&
    typeof options?.out === 'string' &&
    [...Object.keys(options).filter((key) => !Object.hasOwn(KNOWN, key)), ...Object.keys(more)].length === 0
  );
}

const KNOWN: Readonly<Record<keyof QueuedOptions, true>> = {
  region: true,
  profile: true,
  endpointUrl: true,
  pageSize: true,
  share: true,
  filter: true,
  out: true,
  output: true,
  columns: true,
};
