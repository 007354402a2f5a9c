export { type CheckPagerOptions, type CheckResult, checkPager, checksFor } from './check-pager.js';
export type { ConformanceCheck } from './conformance-check.js';
export { conformanceChecks } from './conformance-checks.js';
export { ConformanceError, type Violation } from './conformance-error.js';
export { type MemoryDestination, memoryDestination } from './memory-destination.js';
export type { Feature, Item, PagedListing, Pager, PagerSetup, Walk, WalkOptions } from './pager.js';
export type { ScriptedDirectory } from './scripted-directory.js';
export type { ScriptedFault, ScriptedFaultKind } from './scripted-fault.js';
export {
  type ScriptedPages,
  type ScriptedPagesOptions,
  scriptedPages,
} from './scripted-pages.js';
export type { ScriptedRequest } from './scripted-request.js';
export { ScriptedServiceError } from './scripted-service-error.js';
export type { TimeoutOptions } from './timeouts.js';
export { type VirtualClock, virtualClock } from './virtual-clock.js';
