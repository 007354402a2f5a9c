import { DescribeUserCommand, ListUsersCommand, type User } from '@aws-sdk/client-connect';
import { checkAnswer } from '../aws/check-answer.js';
import { commandOf } from '../aws/command-of.js';
import { createSend, type SendingClient, type SendOptions } from '../aws/create-send.js';
import { fieldsOf } from '../core/error-fields.js';
import { PageturnError } from '../core/errors.js';
import type { PageCall } from '../core/page.js';

/** The user with an id; undefined if the instance has none. */
export type DescribeOne = (id: string, call: Pick<PageCall, 'signal' | 'stats'>) => Promise<User | undefined>;

/** DescribeUser for one instance, retried and paced: a function for each traversal. */
export function createDescribeOne(
  client: SendingClient,
  InstanceId: string,
  sending: SendOptions,
): () => DescribeOne {
  const describe = sendOf(client, DescribeUserCommand, sending);
  const list = sendOf(client, ListUsersCommand, sending);
  return () => {
    const assertInstance = shared((call) => list({ InstanceId, MaxResults: 1 }, call));
    return async (id, call) => {
      try {
        const { User } = fieldsOfAnswer(await describe({ InstanceId, UserId: id }, call));
        if (User) return User;
      } catch (error) {
        if (!isNotFound(error)) throw error;
        // An instance that is being deleted answers as for a deleted user: all its users would have vanished.
        await assertInstance(call).catch(refuseUnlessListed);
        return undefined;
      }
      throw new PageturnError(
        'ERR_PAGE_INVALID',
        'Connect.DescribeUser answered without a user; check what answers at the endpoint',
      );
    };
  };
}

/** Credentials that may only describe say nothing about the instance. */
function refuseUnlessListed(error: unknown): void {
  if (isNotFound(error) || !isRequestFailed(error)) throw error;
}

type Ask = (call: Pick<PageCall, 'signal' | 'stats'>) => Promise<unknown>;

/** A request shared by all calls that come while it is in progress. */
function shared(ask: Ask): Ask {
  let underWay: Promise<unknown> | undefined;
  return (call) => {
    underWay ??= ask(call).finally(() => {
      underWay = undefined;
    });
    return underWay;
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

/** Of DescribeUser, that is the user; of the listing, it is the instance. */
export function isNotFound(error: unknown): boolean {
  return isRequestFailed(error) && fieldsOf(error.cause).name === 'ResourceNotFoundException';
}
