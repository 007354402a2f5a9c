import { createDirectory, type Directory } from './directory.js';
import { createIds, type Ids } from './ids.js';
import { createInstances, type Instance } from './instances.js';
import { createPageTokens, type PageTokens } from './page-token.js';
import { createUserFactory } from './user-factory.js';

/** Everything the operations answer from. */
export interface Account {
  readonly ids: Ids;
  readonly tokens: PageTokens;
  /** The first one is the sandbox's own; only it has users. */
  readonly instances: readonly Instance[];
  readonly directory: Directory;
  /** Whether a token of ListUsers names the last user given or counts how many were. */
  readonly userTokens: 'key' | 'offset';
}

export function createAccount({
  seed,
  users,
  userTokens,
}: {
  readonly seed: number;
  readonly users: number;
  readonly userTokens: 'key' | 'offset';
}): Account {
  const ids = createIds(seed);
  const instances = createInstances(ids);
  const factory = createUserFactory({ seed, ids, instanceArn: instances[0]?.Arn ?? '' });
  return {
    ids,
    tokens: createPageTokens(seed),
    instances,
    directory: createDirectory(users, ids, factory),
    userTokens,
  };
}
