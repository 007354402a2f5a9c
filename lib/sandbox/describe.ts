import type { Call } from './operation.js';
import { notFound } from './service-error.js';

/** DescribeUser. The Id encodes the user's number, so no lookup table is needed. */
export function describeUser({ account, instance, input }: Call): object {
  const { directory } = account;
  const { UserId } = input;
  const key = instance === account.instances[0] ? directory.keyOf(String(UserId)) : undefined;
  if (key === undefined) throw notFound('User not found');
  return { User: directory.details(key) };
}

/** DescribeInstance. */
export function describeInstance({ instance }: Call): object {
  return { Instance: instance };
}
