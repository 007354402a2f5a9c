import { resolve } from 'node:path';
import type { UserSummary } from '@aws-sdk/client-connect';
import { PageturnError } from '../../core/errors.js';
import { readFailed } from '../../node/read-failed.js';
import { fileError, usageError } from '../cli-error.js';
import type { Operation } from './operation.js';

/** The users of a file that `--failed` wrote, which is looked at before anything is sent. */
export function failedUsers(name: string): Operation<UserSummary>['list'] {
  const path = resolve(name);
  return async (_client, instanceId) => {
    const users = readFailed<UserSummary>(path);
    await users
      .take(1)
      .toArray()
      .catch((error: unknown) => {
        if (!(error instanceof PageturnError)) throw error;
        if (error.code === 'ERR_REQUEST_FAILED') throw fileError(`cannot read ${path}`, path, error.cause);
        throw usageError(`--only: ${name} has no failed users; name a file that --failed wrote`);
      });
    return users.tap(({ Arn }) => {
      const [, other = instanceId] = /:instance\/([^/]+)\//.exec(Arn ?? '') ?? [];
      // Its users would all count as deleted in the meantime.
      if (other !== instanceId)
        throw usageError(`--only: ${name} has users of another instance; check --instance-id`);
    });
  };
}
