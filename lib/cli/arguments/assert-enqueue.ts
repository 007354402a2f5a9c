import { usageError } from '../cli-error.js';
import { USERS } from '../operations/users.js';
import { assertList } from './assert-list.js';
import type { EnqueueOptions } from './fleet-commands.js';
import { targetOf } from './target.js';

/** Throws a usage error for options that contradict each other, before anything is opened. */
export function assertEnqueue({
  instanceId: ids,
  sandbox,
  instances,
  out,
  ...options
}: EnqueueOptions): void {
  if (!ids && sandbox === undefined) {
    throw usageError('--instance-id is missing; to try the command without an instance, use --sandbox');
  }
  if (ids && sandbox !== undefined) throw usageError('--instance-id cannot be combined with --sandbox');
  if (instances !== undefined && sandbox === undefined) throw usageError('--instances needs --sandbox');
  const [first = 'sandbox-1'] = ids ?? [];
  const path = fileFor(out, first);
  const { kind } = targetOf(path);
  if (kind !== 'file' && kind !== 's3') throw usageError('--out must be a file or s3://BUCKET/KEY');
  if ((ids?.length ?? instances ?? 1) > 1 && path === out) {
    throw usageError(
      '--out names one file for several instances; put {instance} into it, such as users-{instance}.csv',
    );
  }
  const connection = sandbox === undefined ? { instanceId: first } : { sandbox };
  assertList({ ...options, ...connection, out: path }, USERS);
}

/** The path for an instance. */
export function fileFor(out: string, instance: string): string {
  return out.replaceAll('{instance}', shortName(instance));
}

/** An instance in the name of a file or of a job: the id of an ARN. */
export function shortName(instance: string): string {
  return instance.slice(instance.lastIndexOf('/') + 1);
}
