import { invalidArgument } from '../core/errors.js';

export const DEFAULT_NAME = 'pageturn';

/** As BullMQ's. */
export const DEFAULT_PREFIX = 'bull';

export function assertQueueName(name: unknown): void {
  if (typeof name === 'string' && name !== '' && !name.includes(':')) return;
  throw invalidArgument('name', 'the name of a queue, without ":"', name);
}
