import { type OpenConnection, openConnection } from '../../bullmq/queue-connection.js';
import { DEFAULT_PREFIX } from '../../bullmq/queue-name.js';
import type { RunningCommand } from '../run-command.js';

interface QueueConnectionOptions {
  readonly redis: string;
  readonly queue: string;
}

/** Connects to the Redis of a queue until the command ends, and reports what it waits for if that takes a while. */
export async function openQueueConnection(
  { redis, queue: name }: QueueConnectionOptions,
  { report, signal, closeAtEnd }: RunningCommand,
): Promise<OpenConnection['redis']> {
  const opened = await openConnection(redis, {
    neededBy: 'a queue',
    name,
    prefix: DEFAULT_PREFIX,
    signal,
    onWaiting: (what, forMs) => report.line(`waiting for ${what}, for ${forMs / 1_000} s at most`),
  });
  closeAtEnd({ close: async () => opened.close() });
  return opened.redis;
}
