import { afterAll, beforeAll } from 'vitest';
import { documentedQuotas } from '../../lib/aws/quirks/documented-quotas.js';

/**
 * For the head of a spec file or a `describe` in which the pace is not the point: instead of the documented quotas, those of
 * an account that may send any number of requests. A backup of dozens of lists takes a second instead of twenty.
 */
export function generousQuotas(): void {
  const documented = Object.entries(documentedQuotas);
  beforeAll(() => {
    for (const [service] of documented)
      Reflect.set(documentedQuotas, service, { ratePerSecond: 10_000, burst: 10_000 });
  });
  // Other files run in the same process.
  afterAll(() => {
    for (const [service, quotas] of documented) Reflect.set(documentedQuotas, service, quotas);
  });
}
