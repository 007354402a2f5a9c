import type { Clock } from '../core/clock.js';
import { createIds, type Ids } from './ids.js';
import { createInstances, type Instance } from './instances.js';
import { createPageTokens, type PageTokens } from './page-token.js';

/** The data every operation reads from. */
export interface Account {
  readonly ids: Ids;
  readonly tokens: PageTokens;
  /** The first is the sandbox's own instance. */
  readonly instances: Instance[];
  /** What a ListUsers token holds: the last user returned (`key`) or how many were returned (`offset`). */
  readonly userTokens: 'key' | 'offset';
}

export interface AccountOptions {
  readonly seed: number;
  /** The number of users in each instance. */
  readonly users: readonly number[];
  readonly userTokens: 'key' | 'offset';
  readonly tokenLifetimeMs: number;
  readonly clock: Clock;
}

export function createAccount({ seed, users, userTokens, ...tokens }: AccountOptions): Account {
  const ids = createIds(seed);
  return {
    ids,
    tokens: createPageTokens(seed, tokens),
    instances: createInstances(ids, seed, users),
    userTokens,
  };
}
