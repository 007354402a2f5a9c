/** The members that are read from errors; any of them may be missing or have another type. */
export interface ErrorFields {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly type?: unknown;
  readonly syscall?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
  readonly status?: unknown;
  readonly statusCode?: unknown;
  readonly headers?: unknown;
  readonly response?: unknown;
  readonly retryAfter?: unknown;
  readonly graphQLErrors?: unknown;
  readonly extensions?: unknown;
  readonly details?: unknown;
  readonly metadata?: unknown;
  readonly getMap?: unknown;
  readonly $response?: unknown;
  readonly $fault?: unknown;
  readonly $retryable?: unknown;
  readonly throttling?: unknown;
  readonly $metadata?: unknown;
  readonly httpStatusCode?: unknown;
  readonly clockSkewCorrected?: unknown;
}

/** The members of a value, none if it is not an object. */
export function fieldsOf(value: unknown): ErrorFields {
  return typeof value === 'object' && value !== null ? value : {};
}

/**
 * An error and its causes, outermost first. The cause of an AggregateError is the first of its errors: a connection
 * fails at every address of a host.
 */
export function* chainOf(error: unknown): Generator<ErrorFields> {
  const seen = new Set<unknown>();
  for (let link = error; typeof link === 'object' && link !== null; link = causeOf(link)) {
    // A getter may make up a new cause each time it is read.
    if (seen.has(link) || seen.size >= LONGEST_CHAIN) return;
    seen.add(link);
    yield fieldsOf(link);
  }
}

function causeOf(link: object): unknown {
  const { cause, errors } = fieldsOf(link);
  return cause ?? (Array.isArray(errors) ? errors[0] : undefined);
}

// Clients nest two or three.
const LONGEST_CHAIN = 20;

/** The HTTP status of an error, from any of the members where clients put it. */
export function statusOf(error: unknown): number | undefined {
  const { $metadata, status, statusCode, response, code } = fieldsOf(error);
  const candidates = [
    fieldsOf($metadata).httpStatusCode,
    status,
    statusCode,
    fieldsOf(response).status,
    fieldsOf(response).statusCode,
    // googleapis; a DOMException has small numbers there.
    typeof code === 'number' && code >= 100 && code < 600 ? code : undefined,
  ];
  return candidates.find((one) => typeof one === 'number');
}

/** The message of an error, as much of it as is worth searching. */
export function messageOf({ message }: ErrorFields): string {
  return typeof message === 'string' ? message.slice(0, LONGEST_MESSAGE) : '';
}

// Some services repeat the whole input in the message.
const LONGEST_MESSAGE = 2000;
