import {
  ConnectClient,
  DescribeUserCommand,
  GetMetricDataV2Command,
  ListContactEvaluationsCommand,
  ListContactReferencesCommand,
  ListIntegrationAssociationsCommand,
  ListUsersCommand,
  SearchContactsCommand,
  SearchUsersCommand,
} from '@aws-sdk/client-connect';
import { IAMClient, ListUsersCommand as ListIamUsersCommand } from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import type { CommandClass } from '../../lib/aws/command.js';
import { createSender } from '../../lib/aws/create-sender.js';
import { type PaceChoice, pacerFor } from '../../lib/aws/pacer-for.js';
import { paginate } from '../../lib/aws/paginate.js';
import { documentedQuotas } from '../../lib/aws/quirks/documented-quotas.js';
import { leapingClock } from '../support/leaping-clock.js';

const REQUESTS = 60;

/** When each of 60 requests, one after the other, is sent. The answers take no time. */
async function sentAt(command: unknown, choice: PaceChoice = {}): Promise<number[]> {
  const client = new ConnectClient({ region: 'eu-central-1' });
  mockClient(client).onAnyCommand().resolves({});
  const clock = leapingClock();
  const send = createSender(client, command as CommandClass, { ...choice, clock });
  const times: number[] = [];
  for (let n = 0; n < REQUESTS; n++) {
    await send({} as never);
    times.push(clock.now());
  }
  return times;
}

describe('the pace of an operation of Amazon Connect', () => {
  it.each([
    ['ListUsers', ListUsersCommand, { ratePerSecond: 2, burst: 5 }],
    ['DescribeUser', DescribeUserCommand, { ratePerSecond: 2, burst: 5 }],
    ['SearchUsers', SearchUsersCommand, { ratePerSecond: 2, burst: 5 }],
    ['SearchContacts', SearchContactsCommand, { ratePerSecond: 0.5, burst: 1 }],
    ['ListContactEvaluations', ListContactEvaluationsCommand, { ratePerSecond: 3, burst: 5 }],
    ['ListContactReferences', ListContactReferencesCommand, { ratePerSecond: 10, burst: 15 }],
    ['ListIntegrationAssociations', ListIntegrationAssociationsCommand, { ratePerSecond: 25, burst: 50 }],
    ['GetMetricDataV2', GetMetricDataV2Command, { ratePerSecond: 10, burst: 10 }],
  ])(
    'the pace of an operation of Amazon Connect starts from its documented quota: %s',
    async (_name, command, quota) => {
      const byDefault = await sentAt(command, { pace: { learn: false } });
      expect(byDefault).toEqual(await sentAt(command, { pace: { ...quota, learn: false } }));
      expect((REQUESTS - quota.burst) / ((byDefault.at(-1) ?? 0) / 1000)).toBeLessThanOrEqual(
        quota.ratePerSecond,
      );
    },
  );

  it('the pace of an operation learns a higher rate unless learn is false', async () => {
    const end = async (choice: PaceChoice) => (await sentAt(ListUsersCommand, choice)).at(-1) ?? 0;
    expect(await end({})).toBeLessThan(0.9 * (await end({ pace: { learn: false } })));
  });

  it('the option share takes a part of the documented quota', async () => {
    const share = await sentAt(SearchContactsCommand, { pace: { share: 0.5 } });
    expect(share).toEqual(
      await sentAt(SearchContactsCommand, { pace: { ratePerSecond: 0.5, burst: 1, share: 0.5 } }),
    );
  });

  it('a quota that the caller passes replaces the documented one', async () => {
    const quota = { ratePerSecond: 20, burst: 40, learn: false };
    const [passed, other] = [
      await sentAt(SearchContactsCommand, { pace: quota }),
      await sentAt(ListUsersCommand, { pace: quota }),
    ];
    expect(passed).toEqual(other);
  });

  it('the listings and senders of a client share one pace', async () => {
    const client = new ConnectClient({ region: 'eu-central-1' });
    mockClient(client).onAnyCommand().resolves({ UserSummaryList: [] });
    const clock = leapingClock();
    const options = { pace: { ratePerSecond: 1, burst: 1, learn: false }, clock } as const;
    await createSender(client, ListUsersCommand, options)({ InstanceId: 'i-1' });
    const before = clock.now();
    await paginate(client, ListUsersCommand, { InstanceId: 'i-1' }, options).toArray();
    expect(clock.now() - before).toBeGreaterThanOrEqual(1000);
  });
});

it('every documented quota is found by the service and the operation', () => {
  for (const [service, { operations = {} } = {}] of Object.entries(documentedQuotas)) {
    for (const [operation, quota] of Object.entries(operations)) {
      expect(operation).toMatch(new RegExp(`^${service}\\.[A-Z]\\w+$`));
      expect(pacerFor({}, operation, {})).toMatchObject({ ratePerSecond: quota.ratePerSecond });
    }
  }
});

it('an operation of a service without documented quotas is not paced', async () => {
  const client = new IAMClient({ region: 'eu-central-1' });
  const mock = mockClient(client);
  mock.onAnyCommand().resolves({ Users: [] });
  const clock = leapingClock();
  const list = createSender(client, ListIamUsersCommand, { clock });
  for (let n = 0; n < REQUESTS; n++) await list({});
  expect(mock.calls()).toHaveLength(REQUESTS);
  expect(clock.now()).toBe(0);
});
