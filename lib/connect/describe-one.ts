import { DescribeUserCommand, ListUsersCommand, type User } from '@aws-sdk/client-connect';
import { checkAnswer } from '../aws/check-answer.js';
import { commandOf } from '../aws/command-of.js';
import { createSend, type SendingClient, type SendOptions } from '../aws/create-send.js';
import { fieldsOf } from '../core/error-fields.js';
import { PageturnError } from '../core/errors.js';
import type { PageCall } from '../core/page.js';

/** The user with an id; undefined if the instance has none. */
export type DescribeOne = (id: string, call: Pick<PageCall, 'signal' | 'stats'>) => Promise<User | undefined>;

/** DescribeUser for one instance, retried and paced. */
export function createDescribeOne(
  client: SendingClient,
  InstanceId: string,
  sending: SendOptions,
): DescribeOne {
  const describe = sendOf(client, DescribeUserCommand, sending);
  const list = sendOf(client, ListUsersCommand, sending);
  let looking: Promise<unknown> | undefined;
  /** An instance that is being deleted answers as a deleted user does: without this, all its users would have vanished. */
  const assertInstance: (call: Pick<PageCall, 'signal' | 'stats'>) => Promise<unknown> = async (call) => {
    looking ??= list({ InstanceId, MaxResults: 1 }, call).finally(() => {
      looking = undefined;
    });
    // Credentials that may only describe say nothing about the instance.
    await looking.catch((error: unknown) => {
      if (isNotFound(error) || !isRequestFailed(error)) throw error;
    });
  };
  return async (id, call) => {
    try {
      const { User } = fieldsOfAnswer(await describe({ InstanceId, UserId: id }, call));
      if (User) return User;
    } catch (error) {
      if (!isNotFound(error)) throw error;
      await assertInstance(call);
      return undefined;
    }
    throw new PageturnError(
      'ERR_PAGE_INVALID',
      'Connect.DescribeUser answered without a user; check what answers at the endpoint',
    );
  };
}

/** An empty answer is a fault, and not a user without any fields. */
function sendOf(client: SendingClient, command: unknown, sending: SendOptions) {
  const { operation, shape, build } = commandOf(client, command, {});
  return createSend<object, unknown>(
    client,
    operation,
    build,
    sending,
    checkAnswer({ shape, isPromised: () => true }),
  );
}

function fieldsOfAnswer(answer: unknown): { readonly User?: User } {
  return typeof answer === 'object' && answer !== null ? answer : {};
}

function isRequestFailed(error: unknown): error is PageturnError {
  return error instanceof PageturnError && error.code === 'ERR_REQUEST_FAILED';
}

function isNotFound(error: unknown): boolean {
  return isRequestFailed(error) && fieldsOf(error.cause).name === 'ResourceNotFoundException';
}
