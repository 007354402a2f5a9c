import { invalidArgument } from '../core/errors.js';

/** Throws ERR_INVALID_ARGUMENT unless `value` can be the id of an instance. */
export function assertInstanceId(value: unknown): asserts value is string {
  if (typeof value !== 'string' || value.trim() === '' || value.length > MAX_INSTANCE_ID_LENGTH)
    throw invalidArgument('InstanceId', 'the id of an instance, 1 to 100 characters', value);
}

/** The bound of InstanceId in the service model of Amazon Connect, 2017-08-08. */
const MAX_INSTANCE_ID_LENGTH = 100;
