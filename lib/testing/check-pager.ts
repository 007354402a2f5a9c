import type { ConformanceCheck } from './conformance-check.js';
import { conformanceChecks } from './conformance-checks.js';
import { ConformanceError, type Failing } from './conformance-error.js';
import type { Pager } from './pager.js';
import type { PatienceOptions } from './patience.js';

export interface CheckPagerOptions extends PatienceOptions {
  /** Which checks to run. Default: all. */
  readonly checks?: readonly ConformanceCheck[];
}

export interface CheckResult {
  readonly check: ConformanceCheck;
  /** `kept`, what the pager did instead, or `not offered` where it never promised anything of the kind. */
  readonly verdict: 'kept' | 'not offered' | Failing;
  /** What went wrong, where something did. */
  readonly error?: unknown;
}

/**
 * Holds a pager against every check, one after the other. Never rejects: an error that is none of the kit's own, the
 * adapter's say, is reported as `fails`.
 *
 * @example
 * for (const { check, verdict } of await checkPager(pager)) console.log(verdict.padEnd(12), check.name);
 */
export async function checkPager(
  pager: Pager,
  { checks = conformanceChecks, ...options }: CheckPagerOptions = {},
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) results.push(await runCheck(pager, check, options));
  return results;
}

/** The checks that make sense for a pager, by what it offers: those to run in a test runner. */
export function checksFor(pager: Pager): ConformanceCheck[] {
  return conformanceChecks.filter((check) => isOffered(pager, check));
}

async function runCheck(
  pager: Pager,
  check: ConformanceCheck,
  options: PatienceOptions,
): Promise<CheckResult> {
  if (!isOffered(pager, check)) return { check, verdict: 'not offered' };
  try {
    await check.run(pager, options);
    return { check, verdict: 'kept' };
  } catch (error) {
    return { check, verdict: error instanceof ConformanceError ? error.failing : 'fails', error };
  }
}

function isOffered(pager: Pager, { needs }: ConformanceCheck): boolean {
  return needs.every((feature) => pager.offers.includes(feature));
}
