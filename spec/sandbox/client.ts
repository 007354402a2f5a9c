import { ConnectClient, ListUsersCommand, type UserSummary } from '@aws-sdk/client-connect';
import { onTestFinished } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../lib/sandbox/index.js';

export interface TestBed {
  readonly sandbox: Sandbox;
  readonly client: ConnectClient;
  readonly InstanceId: string;
}

/** A sandbox without a quota and the real client, which does not retry; both are closed after the test. */
export async function start(options: SandboxOptions = {}): Promise<TestBed> {
  const sandbox = await startSandbox({ ratePerSecond: Number.POSITIVE_INFINITY, ...options });
  const client = new ConnectClient({ ...sandbox.clientConfig, maxAttempts: 1 });
  onTestFinished(async () => {
    client.destroy();
    await sandbox.close();
  });
  return { sandbox, client, InstanceId: sandbox.instanceId };
}

/** Fetches all pages in a plain loop; `between` is called after each. */
export async function walkPages(
  { client, InstanceId }: TestBed,
  MaxResults: number,
  between: (page: number) => void = () => {},
): Promise<UserSummary[][]> {
  const pages: UserSummary[][] = [];
  let NextToken: string | undefined;
  do {
    const answer = await client.send(new ListUsersCommand({ InstanceId, MaxResults, NextToken }));
    pages.push(answer.UserSummaryList ?? []);
    NextToken = answer.NextToken;
    between(pages.length);
  } while (NextToken && pages.length < 1000);
  return pages;
}

/** The name, status and message of the error a call fails with. */
export async function failureOf(
  call: Promise<unknown>,
): Promise<{ name: string; status: unknown; message: string }> {
  const error: unknown = await call.then(
    () => {
      throw new Error('the call did not fail');
    },
    (reason: unknown) => reason,
  );
  const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  return { name, status: $metadata?.httpStatusCode, message };
}
