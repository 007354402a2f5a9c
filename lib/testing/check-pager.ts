import type { ConformanceCheck } from './conformance-check.js';
import { conformanceChecks } from './conformance-checks.js';
import { ConformanceError, type Violation } from './conformance-error.js';
import type { Pager } from './pager.js';
import type { TimeoutOptions } from './timeouts.js';

export interface CheckPagerOptions extends TimeoutOptions {
  /** The checks to run. Default: all. */
  readonly checks?: readonly ConformanceCheck[];
}

export interface CheckResult {
  readonly check: ConformanceCheck;
  /** `passed`, the violation, or `not supported` if the pager lacks a required feature. */
  readonly verdict: 'passed' | 'not supported' | Violation;
  /** What went wrong, unless the check passed. */
  readonly error?: unknown;
}

/**
 * Runs every check against a pager, one after the other. Never rejects: any error other than the kit's own, such as one
 * from the adapter, is reported as `fails`.
 *
 * @example
 * for (const { check, verdict } of await checkPager(pager)) console.log(verdict.padEnd(13), check.name);
 */
export async function checkPager(
  pager: Pager,
  { checks = conformanceChecks, ...options }: CheckPagerOptions = {},
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) results.push(await runCheck(pager, check, options));
  return results;
}

/** The checks for the features a pager supports, to run in a test runner. */
export function checksFor(pager: Pager): ConformanceCheck[] {
  return conformanceChecks.filter((check) => isSupported(pager, check));
}

async function runCheck(
  pager: Pager,
  check: ConformanceCheck,
  options: TimeoutOptions,
): Promise<CheckResult> {
  if (!isSupported(pager, check)) return { check, verdict: 'not supported' };
  try {
    await check.run(pager, options);
    return { check, verdict: 'passed' };
  } catch (error) {
    return { check, verdict: error instanceof ConformanceError ? error.violation : 'fails', error };
  }
}

function isSupported(pager: Pager, { requires }: ConformanceCheck): boolean {
  return requires.every((feature) => pager.supports.includes(feature));
}
