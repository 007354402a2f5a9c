import {
  type ConnectClient,
  type ConnectClientConfig,
  DescribeUserCommand,
  type DescribeUserCommandInput,
  ListUsersCommand,
  type ListUsersCommandOutput,
  paginateListUsers,
} from '@aws-sdk/client-connect';
import Bottleneck from 'bottleneck';
import pRetry from 'p-retry';
import { listUsers } from '../../lib/connect/index.js';
import { createSender, type QuotaOptions } from '../../lib/index.js';

export interface Quota {
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** One way to drain a listing. It yields each page as it arrives, and throws what fails. */
interface Contender {
  readonly config?: ConnectClientConfig;
  list(client: ConnectClient, input: ListInput, quota: Quota): AsyncIterable<unknown>;
  describe(client: ConnectClient, quota: Quota): (input: DescribeUserCommandInput) => Promise<unknown>;
}

export interface ListInput {
  readonly InstanceId: string;
  readonly MaxResults: number;
}

export const contenders: Readonly<Record<string, Contender>> = {
  pageturn: pageturn(() => ({})),
  'pageturn, quota configured': pageturn((quota) => ({ ...quota, learn: false })),
  'SDK, 3 attempts': sdk({}),
  'SDK, 10 attempts': sdk({ maxAttempts: 10 }),
  'SDK, adaptive': sdk({ maxAttempts: 10, retryMode: 'adaptive' }),
  'p-retry': wrapped({ maxAttempts: 1 }, () => (send) => pRetry(send, PATIENT)),
  'bottleneck, quota configured': wrapped({}, (quota) => {
    // A reservoir could use the burst, but bottleneck refills it in steps of 250 ms, which scaled timers miss.
    const limiter = new Bottleneck({ minTime: 1000 / quota.ratePerSecond });
    return (send) => limiter.schedule(send);
  }),
};

// What one would configure for a job that must not fail.
const PATIENT = { retries: 100, minTimeout: 1000, maxTimeout: 20_000, randomize: true };

function pageturn(paceFor: (quota: Quota) => QuotaOptions): Contender {
  return {
    list: (client, { InstanceId, MaxResults }, quota) =>
      listUsers(client, { InstanceId }, { pageSize: MaxResults, pace: paceFor(quota) }).pages(),
    describe: (client, quota) => createSender(client, DescribeUserCommand, { pace: paceFor(quota) }),
  };
}

function sdk(config: ConnectClientConfig): Contender {
  return {
    config,
    list: (client, { InstanceId, MaxResults }) =>
      paginateListUsers({ client, pageSize: MaxResults }, { InstanceId }),
    describe: (client) => (input) => client.send(new DescribeUserCommand(input)),
  };
}

type Wrap = <T>(send: () => Promise<T>) => Promise<T>;

function wrapped(config: ConnectClientConfig, wrapFor: (quota: Quota) => Wrap): Contender {
  return {
    config,
    async *list(client, input, quota) {
      const wrap = wrapFor(quota);
      let NextToken: string | undefined;
      do {
        const command = () => new ListUsersCommand(NextToken ? { ...input, NextToken } : input);
        const page: ListUsersCommandOutput = await wrap(() => client.send(command()));
        yield page;
        NextToken = page.NextToken;
      } while (NextToken);
    },
    describe(client, quota) {
      const wrap = wrapFor(quota);
      return (input) => wrap(() => client.send(new DescribeUserCommand(input)));
    },
  };
}
