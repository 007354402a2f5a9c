import type { Call } from './operation.js';
import { notFound } from './service-error.js';

/** DescribeUser. The Id encodes the user's number, so no lookup table is needed. */
export function describeUser({ instance, input }: Call): object {
  const key = instance?.directory.keyOf(String(input['UserId']));
  if (!instance || key === undefined) throw notFound('User not found');
  return { User: instance.directory.details(key) };
}

/** DescribeInstance. */
export function describeInstance({ instance }: Call): object {
  return { Instance: instance?.summary };
}
