import {
  ConnectClient,
  CreateUserCommand,
  LimitExceededException,
  ListUsersCommand,
} from '@aws-sdk/client-connect';
import { KMSClient, LimitExceededException as KmsLimit, ListKeysCommand } from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { createSender } from '../../lib/aws/create-sender.js';
import { paginate } from '../../lib/aws/paginate.js';
import { leapingClock } from '../support/leaping-clock.js';

const region = 'eu-central-1';
const $metadata = { httpStatusCode: 429 };
const user = {
  InstanceId: 'i',
  Username: 'ann',
  PhoneConfig: { PhoneType: 'SOFT_PHONE' as const },
  SecurityProfileIds: ['s'],
  RoutingProfileId: 'r',
};

describe('a LimitExceededException of Amazon Connect', () => {
  it.each(['The allowed limit for the resource has been exceeded.', 'Limit exceeded', ''])(
    'a limit on resources is final although its status is 429: %j',
    async (message) => {
      const client = new ConnectClient({ region });
      const mock = mockClient(client);
      mock.on(CreateUserCommand).rejects(new LimitExceededException({ $metadata, message }));
      const create = createSender(client, CreateUserCommand, { clock: leapingClock() });
      await expect(create(user)).rejects.toMatchObject({ code: 'ERR_REQUEST_FAILED', attempts: 1 });
      expect(mock.calls()).toHaveLength(1);
    },
  );

  it.each(['Rate exceeded', 'too many requests per second'])(
    'a limit on the rate is retried as a throttle: %j',
    async (message) => {
      const client = new ConnectClient({ region });
      const mock = mockClient(client);
      mock
        .on(CreateUserCommand)
        .rejectsOnce(new LimitExceededException({ $metadata, message }))
        .resolves({ UserId: 'u' });
      const create = createSender(client, CreateUserCommand, { clock: leapingClock() });
      await expect(create(user)).resolves.toEqual({ UserId: 'u' });
    },
  );

  it('a limit on resources is a throttle if the caller classifies it as one', async () => {
    const client = new ConnectClient({ region });
    const mock = mockClient(client);
    mock
      .on(ListUsersCommand)
      .rejectsOnce(new LimitExceededException({ $metadata, message: 'Limit exceeded' }))
      .resolves({ UserSummaryList: [] });
    const classify = () => ({ kind: 'throttle' }) as const;
    const users = paginate(
      client,
      ListUsersCommand,
      { InstanceId: 'i' },
      { retry: { classify }, clock: leapingClock() },
    );
    await expect(users.toArray()).resolves.toEqual([]);
  });

  it('a LimitExceededException with status 429 of another service is a throttle', async () => {
    const client = new KMSClient({ region });
    const mock = mockClient(client);
    mock
      .on(ListKeysCommand)
      .rejectsOnce(new KmsLimit({ $metadata, message: 'Exceeded a limit' }))
      .resolves({ Keys: [] });
    await expect(paginate(client, ListKeysCommand, {}, { clock: leapingClock() }).toArray()).resolves.toEqual(
      [],
    );
  });
});
