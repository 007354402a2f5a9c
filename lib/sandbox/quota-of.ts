import { modelOperations } from './model.js';
import type { OperationName } from './operations.js';
import type { SandboxOptions } from './sandbox-options.js';

interface Quota {
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** The quota of an operation: its own, else the one for all operations, else the documented one. */
export function quotaOf(
  operation: OperationName,
  { quotas = {}, ratePerSecond, burst }: Pick<SandboxOptions, 'quotas' | 'ratePerSecond' | 'burst'>,
): Quota {
  const own = quotas[operation];
  const documented = DOCUMENTED.get(operation) ?? STANDARD;
  // The burst of the documented quota is part of it: it does not fit another rate.
  const given = ratePerSecond === undefined ? documented : STANDARD;
  return {
    ratePerSecond: own?.ratePerSecond ?? ratePerSecond ?? documented.ratePerSecond,
    burst: own?.burst ?? burst ?? given.burst,
  };
}

/** What the service allows where it documents nothing else: https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html#api-throttling-quotas */
const STANDARD: Quota = { ratePerSecond: 2, burst: 5 };

const DOCUMENTED = new Map<string, Quota>(
  Object.entries(modelOperations).flatMap(([name, operation]) =>
    'quota' in operation ? [[name, operation.quota] as const] : [],
  ),
);
