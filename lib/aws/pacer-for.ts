import { assertClock } from '../core/assert-clock.js';
import { assertKnownOptions } from '../core/assert-known-options.js';
import { type Clock, systemClock } from '../core/clock.js';
import { invalidArgument } from '../core/errors.js';
import { isPacer, type Pacer } from '../core/pacer.js';
import { createPacers, type Pacers, type PacersOptions } from '../pace/pacers.js';
import { QUOTA_OPTIONS, type QuotaOptions } from '../pace/read-quota.js';
import type { Account } from './account.js';
import { documentedQuotas } from './quirks/documented-quotas.js';

/** How the requests of an operation are paced. */
export interface PaceChoice {
  /**
   * What is known of the quota, your own pacer, or `false` for no pace. All requests of one account, Region and
   * operation share one pacer, whatever clients send them. The account is the one in an ARN of the input or the one that
   * the resolved credentials name; if neither does, each client has its own pacers. Default: for Amazon Connect `{}`, which starts from the documented quota of the operation and
   * learns; for other services no pace unless `pacers` are given, because most quotas are not documented.
   */
  readonly pace?: QuotaOptions | Pacer | false | undefined;
  /**
   * Pacers from `createPacers`, by operation and service: `Connect.ListUsers`, or those of `redisPacers`, which all processes
   * share. Default: those of the account and Region.
   */
  readonly pacers?: Pacers | undefined;
  /** The clock for every wait. Default: the runtime's. */
  readonly clock?: Clock | undefined;
}

/**
 * The pacer of an operation of a client or, if one is passed, of an account; undefined if its requests are not paced. Pacers of
 * many accounts do not pace a client whose account is not known yet: its own do.
 */
export function pacerFor(
  owner: object,
  operation: string,
  choice: PaceChoice,
  account?: Account,
): Pacer | undefined {
  assertClock(choice.clock);
  const [service = ''] = operation.split('.');
  const quotas = documentedQuotas[service];
  // Without a documented quota, a first guess would only slow the first pages down.
  const { pace = choice.pacers || quotas ? {} : false, clock = systemClock } = choice;
  if (pace === false) return undefined;
  if (isPacer(pace)) return pace;
  assertKnownOptions('pace', pace, QUOTA_OPTIONS);
  const { pacers = pacersOf(owner, clock, quotas) } = choice;
  if (typeof pacers?.get !== 'function')
    throw invalidArgument('pacers', 'a registry made by createPacers', pacers);
  if (!pacers.forAccount) return pacers.get(operation, pace);
  const those = account ? pacers.forAccount(account, quotas) : pacersOf(owner, clock, quotas);
  return those.get(operation, pace);
}

/** Whether the pacer depends on the account: it is neither the caller's own, nor switched off. */
export function isPacedByAccount({ pace, pacers }: PaceChoice): boolean {
  return (pacers === undefined || pacers.forAccount !== undefined) && pace !== false && !isPacer(pace);
}

/** The pacers of each client and account, by the clock that times them. */
const registries = new WeakMap<object, WeakMap<Clock, Pacers>>();

function pacersOf(owner: object, clock: Clock, quotas: PacersOptions | undefined): Pacers {
  const byClock = registries.get(owner) ?? new WeakMap<Clock, Pacers>();
  const pacers = byClock.get(clock) ?? createPacers({ ...quotas, clock });
  registries.set(owner, byClock.set(clock, pacers));
  return pacers;
}
