import { type Answer, errorAnswer, resultAnswer } from './answer.js';
import type { Fault } from './fault.js';
import type { Operation } from './operation.js';
import { accessDenied, expiredToken, internalError, rateExceeded, ServiceError } from './service-error.js';

/**
 * The response to a request that hits a fault. `answer` builds the regular response and is not called if the fault
 * replaces it. Paging faults are applied by `answerPage`.
 */
export function applyFault(
  fault: Fault | undefined,
  { name, throttle }: Operation,
  answer: () => Answer,
): Answer {
  switch (fault?.kind) {
    case 'throttle':
      return withHeaders(errorAnswer(rateExceeded(throttle)), retryHeaders(fault));
    case 'access-denied':
      return errorAnswer(accessDenied(name));
    case 'throttle-unnamed':
      return { status: 429, headers: { 'content-type': 'application/json' }, body: '{}', delivery: 'whole' };
    case 'throttle-html':
      return { status: 429, headers: { 'content-type': 'text/html' }, body: HTML, delivery: 'whole' };
    case 'server-error':
      return errorAnswer(
        fault.status === undefined || fault.status === 500 ? internalError() : gatewayError(fault.status),
      );
    case 'error':
      return errorAnswer(new ServiceError(fault.status, fault.name, fault.message ?? fault.name));
    case 'expired-token':
      return errorAnswer(expiredToken());
    case 'reset':
      return { ...NOTHING, delivery: fault.at === 'headers' ? 'reset-in-headers' : 'reset' };
    case 'hang':
      return { ...NOTHING, delivery: 'never' };
    case 'truncated':
      return { ...answer(), delivery: 'truncated' };
    case 'invalid-json': {
      const whole = answer();
      return { ...whole, body: whole.body.slice(0, whole.body.length >> 1) };
    }
    case 'empty-answer':
      return { ...resultAnswer({}), body: fault.body ?? '{}' };
    default:
      return answer();
  }
}

const NOTHING = { status: 0, headers: {}, body: '' };
const HTML =
  '<html><head><title>429 Too Many Requests</title></head><body><h1>Too Many Requests</h1></body></html>';

function withHeaders(answer: Answer, headers: Readonly<Record<string, string>>): Answer {
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

function retryHeaders({
  retryAfter,
  retryAfterMs,
}: Fault & { readonly kind: 'throttle' }): Record<string, string> {
  return {
    ...(retryAfter !== undefined && {
      'retry-after': retryAfter instanceof Date ? retryAfter.toUTCString() : String(retryAfter),
    }),
    ...(retryAfterMs !== undefined && { 'x-amz-retry-after': String(retryAfterMs) }),
  };
}

function gatewayError(status: 502 | 503 | 504): ServiceError {
  const name = {
    502: 'BadGatewayException',
    503: 'ServiceUnavailableException',
    504: 'GatewayTimeoutException',
  }[status];
  return new ServiceError(status, name, 'The service is not available');
}
