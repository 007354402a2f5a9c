import type { ConnectClient } from '@aws-sdk/client-connect';
import type { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { assertClient, SEND_OPTIONS, type SendOptions } from '../../aws/create-send.js';
import { assertSignal } from '../../core/abort.js';
import { assertKnownOptions } from '../../core/assert-known-options.js';
import { createListing } from '../../listing/create-listing.js';
import type { Traversal } from '../../listing/traversal/traversal.js';
import { assertInstanceId } from '../assert-instance-id.js';
import { listSource } from '../list.js';
import { type AppliedQuota, appliedQuotas } from './applied-quotas.js';
import { commandsOf } from './commands-of.js';
import { forEachResource } from './for-each-resource.js';
import { INSTANCE_RESOURCES, type InstanceResource } from './instance-resources.js';

/** Options of `count`. */
export interface CountOptions extends SendOptions {
  /**
   * Where to read the account's quotas: a ServiceQuotasClient, or false to leave the documented ones. Default: with the
   * credentials and the Region of the ConnectClient, unless it has its own endpoint.
   */
  readonly quotas?: ServiceQuotasClient | false | undefined;
  /** Aborts the requests and every wait. */
  readonly signal?: AbortSignal | undefined;
}

/** How many of a resource an instance has, and may have. */
export interface ResourceCount extends AppliedQuota {
  /** Such as `routing-profiles`. */
  readonly resource: string;
  /** The operation that lists it. */
  readonly operation: string;
  /** Undefined if it was not listed to the end. The queues of agents do not count. */
  readonly count: number | undefined;
  /** Why it was not. */
  readonly error: Error | undefined;
}

/** What `count` resolves to. */
export interface InstanceCounts {
  readonly InstanceId: string;
  /** By name. */
  readonly resources: readonly ResourceCount[];
  /** Whether all of them were counted. */
  readonly complete: boolean;
  /** Why the account's quotas could not be read; then the documented ones are used. */
  readonly quotasError: Error | undefined;
}

/**
 * Counts everything that an instance has a list of, such as users, queues and flows, next to the quota of the account: four
 * lists at a time, each with its largest page and at the pace of its own quota. A list that is not read to its end,
 * because access is denied or a request fails, has an error instead of a count; the others are counted.
 *
 * The account's quotas come from Service Quotas, which needs `@aws-sdk/client-service-quotas` and the permission
 * `servicequotas:ListServiceQuotas`. Where they cannot be read, the documented ones are used.
 *
 * Rejects with the first error if nothing can be counted, such as for an instance that does not exist, with the reason of
 * the signal, and with ERR_INVALID_ARGUMENT for bad arguments before anything is sent.
 *
 * @example
 * const { resources } = await count(client, { InstanceId });
 * for (const { resource, count, quota } of resources) console.log(resource, count ?? 'unknown', quota);
 */
export async function count<K>(
  client: K extends ConnectClient ? K : 'count needs a ConnectClient',
  input: { readonly InstanceId: string },
  options?: CountOptions,
): Promise<InstanceCounts>;
export async function count(
  client: ConnectClient,
  input: { readonly InstanceId: string },
  options: CountOptions = {},
): Promise<InstanceCounts> {
  assertClient(client);
  const { InstanceId }: { readonly InstanceId?: unknown } = input ?? {};
  assertInstanceId(InstanceId);
  assertKnownOptions('options', options, [...SEND_OPTIONS, 'quotas', 'signal']);
  const { quotas = client, signal, ...sending } = options;
  assertSignal(signal);
  if (quotas !== false) assertClient(quotas);
  const commands = await commandsOf();
  const listingOf = ({ name, command }: InstanceResource) =>
    createListing<never>(listSource(client, commands(command), { InstanceId, ...COUNTED[name] }, sending));
  const [outcomes, limits] = await Promise.all([
    forEachResource(
      INSTANCE_RESOURCES,
      (resource, aborted) => itemsOf(listingOf(resource).open({ signal: aborted })),
      signal,
    ),
    appliedQuotas(quotas, InstanceId, signal),
  ]);
  return {
    InstanceId,
    resources: outcomes.map(({ resource: { name, operation }, result, error }) => ({
      resource: name,
      operation,
      count: result,
      error,
      ...limits.of(name),
    })),
    complete: outcomes.every(({ error }) => error === undefined),
    quotasError: limits.error,
  };
}

/** What counts against a quota, as input: an instance has a queue for each agent besides. */
const COUNTED: Readonly<Record<string, object>> = { queues: { QueueTypes: ['STANDARD'] } };

/** How many items a traversal delivers; it throws if they are not all. */
async function itemsOf(walk: Traversal<unknown>): Promise<number> {
  let items = 0;
  for await (const chunk of walk.chunks()) items += chunk.length;
  return items;
}
