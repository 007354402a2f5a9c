import type { Instance } from './instances.js';
import type { PageRequest } from './operation.js';
import { type Page, pageOf } from './page-of.js';
import { RESOURCES, resourceOf } from './resources.js';

/** The channels that agents of every routing profile work on. */
const CHANNELS = ['VOICE', 'CHAT'] as const;

/** The positions of the queues of a routing profile. */
export function queuesOf(profile: number): readonly number[] {
  return [0, 1, 2].map((n) => (profile * 3 + n) % RESOURCES.queue.length);
}

/** The positions of the queues from which its agents can assign contacts to themselves. */
export function manualQueuesOf(profile: number): readonly number[] {
  return queuesOf(profile).slice(0, 1);
}

/** ListRoutingProfileQueues: each queue once for each channel. */
export function listProfileQueues({ instance, input, ...request }: PageRequest): Page {
  const rows = rowsOf(instance, input, queuesOf).map((row, n) => ({ ...row, Priority: 1 + n, Delay: 0 }));
  return pageOf(rows, request);
}

/** ListRoutingProfileManualAssignmentQueues. */
export function listManualQueues({ instance, input, ...request }: PageRequest): Page {
  return pageOf(rowsOf(instance, input, manualQueuesOf), request);
}

function rowsOf(
  instance: Instance | undefined,
  { RoutingProfileId }: PageRequest['input'],
  positionsOf: (profile: number) => readonly number[],
) {
  const profile = instance?.ids.indexOf('routingProfile', String(RoutingProfileId));
  if (!instance || profile === undefined) return [];
  return positionsOf(profile).flatMap((queue) => {
    const { Id: QueueId, Arn: QueueArn, Name: QueueName } = resourceOf('queue', instance, queue);
    return CHANNELS.map((Channel) => ({ QueueId, QueueArn, QueueName, Channel }));
  });
}
