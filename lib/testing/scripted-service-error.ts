import type { ScriptedFault } from './scripted-fault.js';

/** A service error in the shape the AWS SDK v3 throws. */
export class ScriptedServiceError extends Error {
  override readonly name: string;
  readonly $fault: 'client' | 'server';
  readonly $metadata: { readonly httpStatusCode: number; readonly attempts: 1; readonly totalRetryDelay: 0 };
  readonly $response: {
    readonly statusCode: number;
    readonly headers: Readonly<Record<string, string>>;
  };

  constructor(status: number, name: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = name;
    this.$fault = status < 500 ? 'client' : 'server';
    this.$metadata = { httpStatusCode: status, attempts: 1, totalRetryDelay: 0 };
    this.$response = { statusCode: status, headers };
  }
}

type ErrorFault = Extract<
  ScriptedFault<never>,
  { readonly kind: 'throttle' | 'server-error' | 'reset' | 'error' }
>;

// Names, statuses and messages are from the public Amazon Connect model, 2017-08-08.

/** The error that a fault makes a request throw. */
export function errorOf(fault: ErrorFault): unknown {
  switch (fault.kind) {
    case 'throttle': {
      const { retryAfterSeconds } = fault;
      const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
      return new ScriptedServiceError(429, 'ThrottlingException', 'Rate exceeded', headers);
    }
    case 'server-error':
      return new ScriptedServiceError(500, 'InternalServiceException', 'Internal server error');
    case 'reset':
      return connectionReset();
    case 'error':
      return (
        fault.error ?? new ScriptedServiceError(403, 'AccessDeniedException', 'Not authorized to list users')
      );
  }
}

export function tokenRejected(why: string): Error {
  return new ScriptedServiceError(400, 'InvalidRequestException', `Invalid pagination token: ${why}`);
}

/** The error of a Node socket when the other side closes the connection. */
function connectionReset(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', errno: -104, syscall: 'read' });
}
