export type { Fault, FaultKind, FaultRule, FaultScope } from './fault.js';
export type { OperationName } from './operations.js';
export type { LoggedRequest, RequestCounts, SandboxStats } from './request-stats.js';
export type { SandboxDirectory, SandboxUser, UserEdit, UserPlace } from './sandbox-directory.js';
export type { SandboxInstance } from './sandbox-instance.js';
export type { SandboxOptions, SandboxQuotas } from './sandbox-options.js';
export { type Sandbox, startSandbox } from './start-sandbox.js';
