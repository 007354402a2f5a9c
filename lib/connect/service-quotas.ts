import type { ConnectClient } from '@aws-sdk/client-connect';
import { assertClient, SEND_OPTIONS, type SendOptions } from '../aws/create-send.js';
import { documentedQuotas } from '../aws/quirks/documented-quotas.js';
import { assertKnownOptions } from '../core/assert-known-options.js';
import { fieldsOf } from '../core/error-fields.js';
import { PageturnError } from '../core/errors.js';
import type { PacersOptions } from '../pace/pacers.js';
import { openQuotaClient } from './open-quota-client.js';
import { ratesOf } from './rates-of.js';

/** Options of `serviceQuotas`. */
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
  const documented = documentedQuotas['Connect'] ?? {};
  const own = await openQuotaClient(given, 'serviceQuotas()');
  try {
    const rates = new Map<string, number>();
    for await (const quota of own.list('ACCOUNT', options)) ratesOf(quota, rates);
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

/** The service's error if it denies access, by the caller's policies or by those of the organization. */
function deniedBy(error: unknown): Error | undefined {
  if (!(error instanceof PageturnError) || error.code !== 'ERR_REQUEST_FAILED') return undefined;
  const { cause } = error;
  return cause instanceof Error && /^AccessDenied/.test(String(fieldsOf(cause).name)) ? cause : undefined;
}
