import { type ErrorFields, messageOf } from '../core/error-fields.js';

/**
 * What the status of a gRPC error means, by its code (https://grpc.io/docs/guides/status-codes/). Undefined if it is not an
 * error of gRPC: a `DOMException` has small numbers as codes, too.
 */
export function kindOfGrpcStatus(error: ErrorFields): 'throttle' | 'transient' | 'final' | undefined {
  const { code, details, metadata } = error;
  if (typeof code !== 'number' || !(code >= 1 && code <= 16)) return undefined;
  if (typeof details !== 'string' && typeof metadata !== 'object') return undefined;
  if (code === RESOURCE_EXHAUSTED) return isTooLarge(error) ? 'final' : 'throttle';
  return TRANSIENT.has(code) ? 'transient' : 'final';
}

const RESOURCE_EXHAUSTED = 8;

// UNKNOWN, which is HTTP's 500; DEADLINE_EXCEEDED, ABORTED, INTERNAL, UNAVAILABLE.
const TRANSIENT: ReadonlySet<number> = new Set([2, 4, 10, 13, 14]);

/** A client refuses a message that is larger than its limit with the same status. */
function isTooLarge(error: ErrorFields): boolean {
  return /message larger than max/i.test(messageOf(error));
}
