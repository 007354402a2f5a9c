import { assertKnownOptions } from '../core/assert-known-options.js';
import { type Clock, systemClock } from '../core/clock.js';
import { invalidArgument } from '../core/errors.js';
import { isPacer, type Pacer } from '../core/pacer.js';
import { createPacers, type Pacers } from '../pace/pacers.js';
import { QUOTA_OPTIONS, type QuotaOptions } from '../pace/read-quota.js';

/** Which pace the requests of an operation keep. */
export interface PaceChoice {
  /**
   * What is known of the quota, a pacer of one's own, or `false` for no pace. All requests of one client and operation
   * share one pacer. Default: for Amazon Connect `{}`, the documented quota as a first guess to learn from; for other
   * services no pace but that of `pacers`, for the quotas of most are not documented.
   */
  readonly pace?: QuotaOptions | Pacer | false | undefined;
  /**
   * Pacers shared among clients, from `createPacers`; they go by the operation with its service, `Connect.ListUsers`.
   * Default: those of the client.
   */
  readonly pacers?: Pacers | undefined;
  /** The clock every wait is made on. Default: the runtime's. */
  readonly clock?: Clock | undefined;
}

/** The pacer of an operation of a client; undefined where its requests are not to be paced. */
export function pacerFor(client: object, operation: string, choice: PaceChoice): Pacer | undefined {
  const { pace = defaultPace(operation, choice), clock = systemClock } = choice;
  if (pace === false) return undefined;
  if (isPacer(pace)) return pace;
  assertKnownOptions('pace', pace, QUOTA_OPTIONS);
  const { pacers = pacersOf(client, clock) } = choice;
  if (typeof pacers?.get !== 'function')
    throw invalidArgument('pacers', 'a registry made by createPacers', pacers);
  return pacers.get(operation, pace);
}

/** Where nothing is known of a quota, a first guess would only slow the first pages down. */
function defaultPace(operation: string, { pacers }: PaceChoice): QuotaOptions | false {
  return pacers || operation.startsWith('Connect.') ? {} : false;
}

/** The pacers of each client, on each clock that times it. */
const registries = new WeakMap<object, WeakMap<Clock, Pacers>>();

function pacersOf(client: object, clock: Clock): Pacers {
  const byClock = registries.get(client) ?? new WeakMap<Clock, Pacers>();
  const pacers = byClock.get(clock) ?? createPacers({ clock });
  registries.set(client, byClock.set(clock, pacers));
  return pacers;
}
