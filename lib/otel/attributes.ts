import type { Attributes } from '@opentelemetry/api';
import { statusOf } from '../core/error-fields.js';
import { PageturnError } from '../core/errors.js';

/** The operation, such as `Connect.ListUsers`, and the service before its first dot. */
export function operationAttributes(operation: string | undefined): Attributes {
  if (operation === undefined) return {};
  const [service, ...method] = operation.split('.');
  return {
    'pageturn.operation': operation,
    ...(service && method.length > 0 && { 'pageturn.service': service }),
  };
}

/**
 * What kind of error it is: the code of an error of pageturn, the name of any other, and the HTTP status if it has one.
 * Never its message, which may contain a token or a user's name.
 */
export function errorAttributes(error: unknown): Attributes {
  const status = statusOf(error) ?? (error instanceof PageturnError ? statusOf(error.cause) : undefined);
  return {
    'error.type': errorType(error),
    ...(status !== undefined && { 'http.response.status_code': status }),
  };
}

/** A low-cardinality name; `_OTHER` is what the conventions call an error without one. */
export function errorType(error: unknown): string {
  if (error instanceof PageturnError) return error.code;
  return error instanceof Error && error.name !== '' ? error.name : '_OTHER';
}
