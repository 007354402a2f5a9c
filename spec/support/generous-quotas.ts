import type { PacersOptions } from '../../lib/pace/pacers.js';

interface Quotas {
  readonly documentedQuotas: Readonly<Record<string, PacersOptions | undefined>>;
}

/**
 * In place of the documented quotas, those of an account that may send any number of requests: a backup of dozens of lists
 * takes a second instead of twenty, where its pace is not the point.
 */
export function generousQuotas(quotas: Quotas): Quotas {
  const services = Object.keys(quotas.documentedQuotas);
  return {
    documentedQuotas: Object.fromEntries(
      services.map((service) => [service, { ratePerSecond: 10_000, burst: 10_000 }]),
    ),
  };
}
