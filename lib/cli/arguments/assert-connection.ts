import { usageError } from '../cli-error.js';
import { instanceReference, regionOf } from './instance-reference.js';
import type { ConnectionOptions } from './options.js';

/** Throws a usage error unless the options name one instance. */
export function assertConnection(
  options: ConnectionOptions,
  advice = 'to list the instances, run pageturn instances; to try the command without one, use --sandbox',
): void {
  const { instanceId, sandbox, region = [] } = options;
  if (!sandbox && instanceId === undefined) throw usageError(`--instance-id is missing; ${advice}`);
  if (region.length > 1) {
    throw usageError(
      '--region is given more than once, but an instance is in one Region; pass only that one',
    );
  }
  assertEndpoint(options);
}

/** Throws a usage error for options that contradict each other about where requests are sent. */
export function assertEndpoint({ instanceId, sandbox, endpointUrl, region }: ConnectionOptions): void {
  if (!sandbox) {
    if (instanceId !== undefined) regionOf(instanceReference(instanceId), region?.[0]);
    return;
  }
  for (const [flag, value] of Object.entries({
    '--instance-id': instanceId,
    '--endpoint-url': endpointUrl,
  })) {
    if (value !== undefined) throw usageError(`${flag} cannot be combined with --sandbox, which has its own`);
  }
}
