/** Drains one job in its own process, in scaled time; the parent counts the requests. */
import type { ConnectClientConfig } from '@aws-sdk/client-connect';
import type { Quota } from './contenders.js';
import { scaleTime } from './scaled-time.js';

export interface Job {
  readonly contender: string;
  readonly task: 'list' | 'describe';
  readonly concurrency: number;
  readonly userIds: readonly string[];
  readonly pageSize: number;
  readonly instanceId: string;
  readonly clientConfig: ConnectClientConfig;
  readonly quota: Quota;
  readonly scale: number;
}

/** When each page or user arrived, in milliseconds since the epoch, unscaled. */
export type Arrivals = readonly number[];

process.once('message', async (job: Job) => {
  const { now } = Date;
  scaleTime(job.scale);
  const arrivals: number[] = [];
  await drain(job, () => arrivals.push(now())).catch(() => {});
  process.send?.(arrivals);
  process.disconnect();
});

async function drain(job: Job, arrived: () => void): Promise<void> {
  const { contenders } = await import('./contenders.js');
  const { ConnectClient, ListInstancesCommand } = await import('@aws-sdk/client-connect');
  const contender = contenders[job.contender];
  if (!contender) throw new Error(`no contender ${job.contender}`);
  const client = new ConnectClient({ ...job.clientConfig, ...contender.config });
  // The first request opens a connection and compiles the client: tens of milliseconds, or a second of scaled time.
  await client.send(new ListInstancesCommand({}));
  try {
    if (job.task === 'list') {
      const input = { InstanceId: job.instanceId, MaxResults: job.pageSize };
      for await (const _page of contender.list(client, input, job.quota)) arrived();
      return;
    }
    const describe = contender.describe(client, job.quota);
    const ids = job.userIds.values();
    const work = async () => {
      for (const UserId of ids) {
        await describe({ InstanceId: job.instanceId, UserId }).then(arrived, () => {});
      }
    };
    await Promise.all(Array.from({ length: job.concurrency }, work));
  } finally {
    client.destroy();
  }
}
