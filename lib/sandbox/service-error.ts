import { ACCOUNT_ID } from './arn.js';

/** An error response of the service. */
export class ServiceError extends Error {
  override readonly name: string;
  readonly status: number;

  constructor(status: number, name: string, message: string) {
    super(message);
    this.status = status;
    this.name = name;
  }
}

// Names and statuses are from the public Amazon Connect model, 2017-08-08.

export function invalidRequest(message: string): ServiceError {
  return new ServiceError(400, 'InvalidRequestException', message);
}

export function invalidParameter(message: string): ServiceError {
  return new ServiceError(400, 'InvalidParameterException', message);
}

export function notFound(message: string): ServiceError {
  return new ServiceError(404, 'ResourceNotFoundException', message);
}

/** A few operations use another error name. */
export function rateExceeded(name = 'ThrottlingException'): ServiceError {
  return new ServiceError(429, name, 'Rate exceeded');
}

export function internalError(): ServiceError {
  return new ServiceError(500, 'InternalServiceException', 'Internal server error');
}

/** What IAM answers to a caller whose policies do not allow an operation. */
export function accessDenied(operation: string): ServiceError {
  const user = `arn:aws:iam::${ACCOUNT_ID}:user/sandbox`;
  const message = `User: ${user} is not authorized to perform: connect:${operation} because no identity-based policy allows the connect:${operation} action`;
  return new ServiceError(403, 'AccessDeniedException', message);
}

export function crossSiteRequest(): ServiceError {
  const message = 'The sandbox does not answer web pages; start it with cors: true to allow them';
  return new ServiceError(403, 'AccessDeniedException', message);
}

export function unknownOperation(): ServiceError {
  return new ServiceError(404, 'UnknownOperationException', 'There is no operation for this method and path');
}

export function invalidToken(why: string): ServiceError {
  return invalidRequest(`Invalid pagination token: ${why}`);
}

/** Of a token older than 24 hours: https://docs.aws.amazon.com/connect/latest/APIReference/best-practices-connect-apis.html */
export function expiredToken(): ServiceError {
  return new ServiceError(400, 'InvalidToken', 'The token has expired');
}
