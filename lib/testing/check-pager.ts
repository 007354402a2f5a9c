import { assertKnownOptions } from '../core/assert-known-options.js';
import { assertOneOf } from '../core/assert-one-of.js';
import { invalidArgument } from '../core/errors.js';
import type { ConformanceCheck } from './conformance-check.js';
import { conformanceChecks } from './conformance-checks.js';
import { ConformanceError, type Violation } from './conformance-error.js';
import type { Feature, Pager } from './pager.js';
import type { TimeoutOptions } from './timeouts.js';

/** Options of `checkPager`. */
export interface CheckPagerOptions extends TimeoutOptions {
  /** The checks to run. Default: all. */
  readonly checks?: readonly ConformanceCheck[];
}

/** How one check ended. */
export interface CheckResult {
  readonly check: ConformanceCheck;
  /** `passed`, the violation, or `not supported` if the pager lacks a required feature. */
  readonly verdict: 'passed' | 'not supported' | Violation;
  /** What went wrong, unless the check passed. */
  readonly error?: unknown;
}

/**
 * Runs every check against a pager, one after the other. Any error other than the kit's own, such as one from the
 * adapter, is reported as `fails`. Rejects with ERR_INVALID_ARGUMENT only, for what is not a pager, and for bad options.
 *
 * @example
 * for (const { check, verdict } of await checkPager(pager)) console.log(verdict.padEnd(13), check.name);
 */
export async function checkPager(pager: Pager, options: CheckPagerOptions = {}): Promise<CheckResult[]> {
  assertPager(pager);
  assertKnownOptions('options', options, ['checks', 'hangTimeoutMs', 'promptTimeoutMs', 'clock']);
  const { checks = conformanceChecks, ...timeouts } = options;
  if (!(Array.isArray(checks) && checks.every(isCheck))) {
    throw invalidArgument('checks', 'an array of conformance checks', checks);
  }
  const results: CheckResult[] = [];
  for (const check of checks) results.push(await runCheck(pager, check, timeouts));
  return results;
}

/**
 * The checks for the features a pager supports, to run in a test runner. Throws ERR_INVALID_ARGUMENT for what is not a
 * pager.
 *
 * @example
 * for (const check of checksFor(pager)) it(check.name, () => check.run(pager));
 */
export function checksFor(pager: Pager): ConformanceCheck[] {
  assertPager(pager);
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

const FEATURES: readonly Feature[] = ['retry', 'abort', 'resume', 'limit', 'input', 'source'];

/** A misspelt feature would skip its checks silently. */
function assertPager(pager: unknown): asserts pager is Pager {
  const { name, supports, list } = Object(pager) as Partial<Pager>;
  if (typeof name !== 'string' || typeof list !== 'function') {
    throw invalidArgument('pager', 'an object with name, supports and list', pager);
  }
  if (!Array.isArray(supports)) throw invalidArgument('supports', 'an array of features', supports);
  for (const feature of supports as readonly unknown[])
    assertOneOf('a feature of supports', feature, FEATURES);
}

function isCheck(value: unknown): boolean {
  const { requires, run } = Object(value) as Partial<ConformanceCheck>;
  return Array.isArray(requires) && typeof run === 'function';
}

function isSupported(pager: Pager, { requires }: ConformanceCheck): boolean {
  return requires.every((feature) => pager.supports.includes(feature));
}
