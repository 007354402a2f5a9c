import type { Sandbox } from '../../lib/sandbox/index.js';

/** The options that point the CLI at a sandbox. */
export function at({ endpoint, instanceId }: Sandbox): string[] {
  return ['--endpoint-url', endpoint, '--instance-id', instanceId];
}
