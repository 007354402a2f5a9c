import type { ConnectClient } from '@aws-sdk/client-connect';
import type { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { assertClient, SEND_OPTIONS, type SendOptions } from '../aws/create-send.js';
import { paginate } from '../aws/paginate.js';
import { documentedQuotas } from '../aws/quirks/documented-quotas.js';
import { assertKnownOptions } from '../core/assert-known-options.js';
import { fieldsOf } from '../core/error-fields.js';
import { invalidArgument, PageturnError } from '../core/errors.js';
import { loadPeer } from '../core/load-peer.js';
import type { PacersOptions } from '../pace/pacers.js';
import { ratesOf } from './rates-of.js';

export interface ServiceQuotasOptions extends SendOptions {
  /** Aborts the requests and every wait. */
  readonly signal?: AbortSignal | undefined;
}

/** The quotas of an account for requests to Amazon Connect. */
export interface ServiceQuotas {
  /** Options of `createPacers`: the account's values, and the documented ones where it has none. */
  readonly quotas: PacersOptions;
  /** The operations whose rate is the account's own value, such as `Connect.ListUsers`. */
  readonly own: readonly string[];
  /** The service's error if reading was denied; then all quotas are the documented ones. */
  readonly denied: Error | undefined;
}

/** Anything with the shape of an AWS SDK v3 client. */
interface AwsClient {
  readonly config: { readonly serviceId: string };
}

/**
 * Reads the account's own request quotas for Amazon Connect from Service Quotas, in about three requests, with the credentials
 * and the Region of the ConnectClient. Or pass a ServiceQuotasClient, if it needs others. Where reading is denied, or the
 * account has no value, the documented quotas stand. Service Quotas has rates only, so each burst is the documented one.
 *
 * It needs the package `@aws-sdk/client-service-quotas` and the permission `servicequotas:ListServiceQuotas`. Rejects with
 * ERR_INVALID_ARGUMENT if the package is missing or the client is another one, and otherwise as a listing does.
 *
 * @example
 * const { quotas } = await serviceQuotas(client);
 * const users = listUsers(client, { InstanceId }, { pacers: createPacers(quotas) });
 */
export async function serviceQuotas(
  client: ConnectClient | AwsClient,
  options: ServiceQuotasOptions = {},
): Promise<ServiceQuotas> {
  const given: unknown = client;
  assertClient(given);
  assertKnownOptions('options', options, [...SEND_OPTIONS, 'signal']);
  const sdk = await loadSdk();
  const documented = documentedQuotas['Connect'] ?? {};
  const own = clientFor(given, sdk);
  try {
    const rates = new Map<string, number>();
    const listing = paginate(own.client, sdk.ListServiceQuotasCommand, INPUT, { ...options, pageSize: 100 });
    for await (const quota of listing) ratesOf(quota, rates);
    const operations = Object.fromEntries(
      [...rates].map(([name, ratePerSecond]) => {
        const { burst = documented.burst } = documented.operations?.[name] ?? {};
        return [name, { ratePerSecond, burst }];
      }),
    );
    return {
      quotas: { ...documented, operations: { ...documented.operations, ...operations } },
      own: [...rates.keys()],
      denied: undefined,
    };
  } catch (error) {
    const denied = deniedBy(error);
    if (!denied) throw error;
    return { quotas: documented, own: [], denied };
  } finally {
    own.destroy();
  }
}

// The code of Amazon Connect in Service Quotas; quotas per instance are others.
const INPUT = { ServiceCode: 'connect' };

type Sdk = typeof import('@aws-sdk/client-service-quotas');

function loadSdk(): Promise<Sdk> {
  const name = '@aws-sdk/client-service-quotas';
  return loadPeer(
    { neededBy: 'serviceQuotas()', name, code: 'ERR_INVALID_ARGUMENT' },
    () => import('@aws-sdk/client-service-quotas'),
  );
}

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

/** The service's error if it denies access, by the caller's policies or by those of the organization. */
function deniedBy(error: unknown): Error | undefined {
  if (!(error instanceof PageturnError) || error.code !== 'ERR_REQUEST_FAILED') return undefined;
  const { cause } = error;
  return cause instanceof Error && /^AccessDenied/.test(String(fieldsOf(cause).name)) ? cause : undefined;
}
