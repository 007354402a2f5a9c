import { abortChecks } from './checks/abort.js';
import { cycleChecks } from './checks/cycles.js';
import { errorChecks } from './checks/errors.js';
import { itemChecks } from './checks/items.js';
import { leakChecks } from './checks/leaks.js';
import { limitChecks } from './checks/limit.js';
import { pageChecks } from './checks/pages.js';
import { releaseChecks } from './checks/release.js';
import { resumeChecks } from './checks/resume.js';
import { retryChecks } from './checks/retry.js';
import { reuseChecks } from './checks/reuse.js';
import type { ConformanceCheck } from './conformance-check.js';

/** All checks, starting with those that every pager should pass. */
export const conformanceChecks: readonly ConformanceCheck[] = [
  ...itemChecks,
  ...pageChecks,
  ...cycleChecks,
  ...reuseChecks,
  ...errorChecks,
  ...retryChecks,
  ...limitChecks,
  ...releaseChecks,
  ...leakChecks,
  ...abortChecks,
  ...resumeChecks,
];
