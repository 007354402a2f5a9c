import { assertKnownOptions, assertObject } from '../core/assert-known-options.js';
import type { Clock } from '../core/clock.js';
import { invalidArgument } from '../core/errors.js';
import type { Pacer } from '../core/pacer.js';
import { adaptivePacer } from './adaptive-pacer.js';
import { QUOTA_OPTIONS, type Quota, type QuotaOptions, readQuota } from './read-quota.js';

/** One pacer per operation. */
export interface Pacers {
  /**
   * Returns the pacer of an operation, creating it on the first call. Without options it is the first one created; with
   * options, one created with the same options. Pacers with different options do not coordinate: give each a
   * `share`.
   */
  get(operation: string, options?: QuotaOptions): Pacer;
  /**
   * The pacers of one account in a Region, if this registry has those of many: listings use them as soon as they know
   * the account of their client. `documented` has the quotas that apply if this registry has none.
   */
  forAccount?(account: PacedAccount, documented: PacersOptions | undefined): Pacers;
}

/** An account in a Region, which has one bucket of requests for each operation. */
export interface PacedAccount {
  /** The id of the account; undefined if the credentials do not name it. */
  readonly id: string | undefined;
  /** The Region, and the endpoint unless it is the public one. */
  readonly place: string;
}

/** Options of `createPacers`. */
export interface PacersOptions extends QuotaOptions {
  /** The quotas of single operations, by name; they take precedence. */
  readonly operations?: Readonly<Record<string, QuotaOptions>> | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * Creates a registry of pacers. Quotas are counted per account, region and operation: pass one registry to all listings
 * of one account and region, whichever clients they use. Throws ERR_INVALID_ARGUMENT for an unknown option or an
 * invalid quota.
 *
 * @example
 * const pacers = createPacers({ operations: { 'Connect.DescribeUser': { ratePerSecond: 10, burst: 20 } } });
 * const users = listUsers(client, { InstanceId }, { pacers });
 */
export function createPacers(options: PacersOptions = {}): Pacers {
  assertKnownOptions('options of createPacers', options, [...QUOTA_OPTIONS, 'operations', 'clock']);
  const { clock, ...quotas } = options;
  return registryOf(quotas, (_operation, quota) => adaptivePacer({ ...quota, clock }));
}

/** A registry of the pacers that `create` makes. */
export function registryOf(
  { operations = {}, ...common }: Omit<PacersOptions, 'clock'>,
  create: (operation: string, quota: Quota) => Pacer,
): Pacers {
  assertObject('operations', operations);
  const known = new Map(Object.entries(operations));
  readQuota(common);
  for (const [name, quota] of known) {
    assertKnownOptions(`the quota of ${name}`, quota, QUOTA_OPTIONS);
    readQuota(mergeQuotas(common, quota));
  }

  const pacers = new Map<string, { readonly quota: Quota; readonly pacer: Pacer }[]>();
  return {
    get(operation, wanted = {}) {
      if (typeof operation !== 'string')
        throw invalidArgument('operation', "a name, such as 'Connect.ListUsers'", operation);
      assertKnownOptions(`the quota of ${operation}`, wanted, QUOTA_OPTIONS);
      const made = pacers.get(operation) ?? [];
      const fitting = made.find(({ quota }) => isAsWanted(quota, wanted));
      if (fitting) return fitting.pacer;
      const quota = readQuota(mergeQuotas(common, known.get(operation) ?? {}, wanted));
      const pacer = create(operation, quota);
      pacers.set(operation, [...made, { quota, pacer }]);
      return pacer;
    },
  };
}

/** Later layers take precedence; undefined counts as absent. */
export function mergeQuotas(...layers: readonly QuotaOptions[]): QuotaOptions {
  return Object.fromEntries(
    layers.flatMap((layer) => Object.entries(layer).filter(([, value]) => value !== undefined)),
  );
}

function isAsWanted(made: Quota, wanted: QuotaOptions): boolean {
  return QUOTA_OPTIONS.every((name) => wanted[name] === undefined || wanted[name] === made[name]);
}
