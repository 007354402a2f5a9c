import { createDirectory, type Directory } from './directory.js';
import { createIds, type Ids } from './ids.js';
import { createInstances, type Instance } from './instances.js';
import { createPageTokens, type PageTokens } from './page-token.js';
import { createUserFactory } from './user-factory.js';

/** The data every operation reads from. */
export interface Account {
  readonly ids: Ids;
  readonly tokens: PageTokens;
  /** The first is the sandbox's own instance, the only one with users. */
  readonly instances: readonly Instance[];
  readonly directory: Directory;
  /** What a ListUsers token holds: the last user returned (`key`) or how many were returned (`offset`). */
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
