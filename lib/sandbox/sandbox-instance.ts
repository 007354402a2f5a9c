import type { SandboxDirectory } from './sandbox-directory.js';

/** An instance of the sandbox, which a test can change while a listing runs. All instances share the quotas. */
export interface SandboxInstance {
  readonly id: string;
  readonly arn: string;
  readonly alias: string;
  readonly directory: SandboxDirectory;
  /**
   * Deletes the instance: ListInstances no longer has it, and every other request for it is a
   * `ResourceNotFoundException`, in the middle of a listing too.
   */
  delete(): void;
}
