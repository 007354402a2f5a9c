import type { ConnectClient } from '@aws-sdk/client-connect';
import type { ServiceQuota, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { SendOptions } from '../aws/create-send.js';
import { paginate } from '../aws/paginate.js';
import { invalidArgument } from '../core/errors.js';
import { loadPeer } from '../core/load-peer.js';
import type { Listing } from '../listing/listing.js';

interface ListQuotasOptions extends SendOptions {
  readonly signal?: AbortSignal | undefined;
}

/** What lists the quotas of an account for Amazon Connect, until it is destroyed. */
interface QuotaClient {
  /** At the level of the account, or those of single instances as well. */
  list(level: 'ACCOUNT' | 'ALL', options: ListQuotasOptions): Listing<ServiceQuota>;
  destroy(): void;
}

/**
 * For a ServiceQuotasClient, which stays open, or with the credentials and the Region of a ConnectClient. Rejects with
 * ERR_INVALID_ARGUMENT if the package is missing or the client is another one.
 */
export async function openQuotaClient(client: object, neededBy: string): Promise<QuotaClient> {
  const sdk = await loadPeer(
    { neededBy, name: '@aws-sdk/client-service-quotas', code: 'ERR_INVALID_ARGUMENT' },
    () => import('@aws-sdk/client-service-quotas'),
  );
  const own = clientFor(client, sdk);
  return {
    list: (level, options) =>
      paginate(
        own.client,
        sdk.ListServiceQuotasCommand,
        // The code of Amazon Connect in Service Quotas.
        { ServiceCode: 'connect', ...(level === 'ALL' && { QuotaAppliedAtLevel: level }) },
        { ...options, pageSize: 100 },
      ),
    destroy: own.destroy,
  };
}

type Sdk = typeof import('@aws-sdk/client-service-quotas');

/** The client to ask, and what to do with it at the end: the caller's own stays open. */
function clientFor(given: object, sdk: Sdk): { readonly client: ServiceQuotasClient; destroy(): void } {
  const { config } = given as { config?: Partial<ConnectClient['config']> };
  if (config?.serviceId === 'Service Quotas')
    return { client: given as ServiceQuotasClient, destroy: () => {} };
  const { region, credentials } = config ?? {};
  if (config?.serviceId !== 'Connect' || region === undefined || credentials === undefined)
    throw invalidArgument('client', 'a ConnectClient or a ServiceQuotasClient', config?.serviceId);
  const client = new sdk.ServiceQuotasClient({ region, credentials });
  return { client, destroy: () => client.destroy() };
}
