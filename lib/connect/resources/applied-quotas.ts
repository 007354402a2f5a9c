import { fieldsOf } from '../../core/error-fields.js';
import { openQuotaClient } from '../open-quota-client.js';
import { RESOURCE_QUOTAS } from './resource-quotas.js';

/** How many of a resource an instance may have, and where that is from. */
export interface AppliedQuota {
  /** Undefined if none is documented, or known for the account. */
  readonly quota: number | undefined;
  /** `'instance'`: increased for this instance alone; `'default'`: the documented value, because the account's is unknown. */
  readonly quotaFrom: 'instance' | 'account' | 'default' | undefined;
}

export interface AppliedQuotas {
  of(resource: string): AppliedQuota;
  /** Why the account's values could not be read; then all are the documented ones. */
  readonly error: Error | undefined;
}

/** The quotas of the resources of an instance, read with a client of Connect or of Service Quotas; false: only the documented ones. */
export async function appliedQuotas(
  client: object | false,
  InstanceId: string,
  signal: AbortSignal | undefined,
): Promise<AppliedQuotas> {
  const values = new Map<string, AppliedQuota>();
  const of = (resource: string): AppliedQuota => {
    const { code = '', value } = RESOURCE_QUOTAS[resource] ?? {};
    return values.get(code) ?? { quota: value, quotaFrom: value === undefined ? undefined : 'default' };
  };
  if (client === false || isStandIn(client)) return { of, error: undefined };
  try {
    const own = await openQuotaClient(client, 'count()');
    try {
      for await (const { QuotaCode = '', Value, QuotaContext } of own.list('ALL', { signal })) {
        const { ContextId } = QuotaContext ?? {};
        const isOwn = ContextId !== undefined && idOf(ContextId) === idOf(InstanceId);
        const isOthers = ContextId !== undefined && ContextId !== '*' && !isOwn;
        if (Value === undefined || isOthers || values.get(QuotaCode)?.quotaFrom === 'instance') continue;
        values.set(QuotaCode, { quota: Value, quotaFrom: isOwn ? 'instance' : 'account' });
      }
    } finally {
      own.destroy();
    }
    return { of, error: undefined };
  } catch (error) {
    signal?.throwIfAborted();
    values.clear();
    return { of, error: error instanceof Error ? error : new Error(String(fieldsOf(error).name)) };
  }
}

/** The last part of an ARN, or an id as it is. */
function idOf(instance: string): string {
  return instance.slice(instance.lastIndexOf('/') + 1);
}

/** A client with its own endpoint talks to a stand-in, whose quotas AWS does not know. */
function isStandIn(client: object): boolean {
  const { config } = client as { config?: { serviceId?: unknown; endpoint?: unknown } };
  return config?.serviceId === 'Connect' && config.endpoint !== undefined;
}
