import type { IncomingMessage } from 'node:http';
import { ServiceError } from './service-error.js';

/** The body of a request as text, or the error to answer with if it is too long; the rest of it is not kept. */
export async function readBody(request: IncomingMessage): Promise<string | ServiceError> {
  let body = '';
  let isTooLong = false;
  request.setEncoding('utf8');
  for await (const chunk of request) {
    isTooLong ||= body.length + String(chunk).length > MAX_LENGTH;
    if (!isTooLong) body += String(chunk);
  }
  if (!isTooLong) return body;
  return new ServiceError(
    413,
    'RequestEntityTooLargeException',
    `The body is longer than ${MAX_LENGTH} characters`,
  );
}

/** A hundred times what a search with a hundred conditions needs. */
const MAX_LENGTH = 1_048_576;
