import { ConnectClient, DescribeUserCommand, type User } from '@aws-sdk/client-connect';
import { onTestFinished } from 'vitest';
import { type Sandbox, startSandbox } from '../../lib/sandbox/index.js';

/** A client of a sandbox that is destroyed after the test. */
export function clientFor(sandbox: Sandbox): ConnectClient {
  const client = new ConnectClient(sandbox.clientConfig);
  onTestFinished(() => client.destroy());
  return client;
}

/** How many requests a sandbox received, by operation. */
export function requestsOf(sandbox: Sandbox): Readonly<Record<string, number>> {
  const counts = Object.entries(sandbox.stats().operations).map(([name, { requests }]) => [name, requests]);
  return Object.fromEntries(counts.filter(([, requests]) => requests !== 0));
}

/** What the SDK's own DescribeUser says about all users of a sandbox, which does not count these requests. */
export async function usersAt({ directory, instanceId }: Sandbox): Promise<readonly User[]> {
  await using other = await startSandbox({ users: directory.size, ratePerSecond: Number.POSITIVE_INFINITY });
  const client = new ConnectClient(other.clientConfig);
  const users = await Promise.all(
    [...directory.users()].map(({ Id }) =>
      client.send(new DescribeUserCommand({ InstanceId: instanceId, UserId: Id })),
    ),
  );
  client.destroy();
  return users.map(({ User = {} }) => User);
}
