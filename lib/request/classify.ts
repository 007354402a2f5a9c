import { LOST_FETCH_MESSAGES, THROTTLE_NAMES, TRANSIENT_NAMES } from './error-names.js';
import { retryAfter } from './retry-after.js';

/**
 * What an error means for the next attempt. `throttle`: the service asks to slow down. `transient`: the next attempt may
 * succeed. `final`: it would fail in the same way.
 */
export interface Classification {
  readonly kind: 'throttle' | 'transient' | 'final';
  /** How long the service asked to wait, in milliseconds; absent if it did not say. */
  readonly retryAfterMs?: number;
}

/** Decides what an error means. pageturn uses `classify` by default. */
export type Classify = (error: unknown) => Classification;

export interface ClassifyOptions {
  /**
   * What a `LimitExceededException` means. Most services raise it for a limit on resources, where waiting does not
   * help; a few (Kinesis, the DynamoDB control plane) for a rate. Default `'final'`.
   */
  readonly limitExceeded?: 'throttle' | 'final';
}

/**
 * Classifies an error of an AWS SDK v3 client, of `fetch`, of Node's sockets and DNS, or of any HTTP client whose errors
 * have the status (`status`, `statusCode`, `response.status`). It also looks at nested causes. Unknown errors are final.
 *
 * @example
 * const retry = { classify: (error: unknown) => classify(error, { limitExceeded: 'throttle' }) };
 */
export function classify(error: unknown, { limitExceeded = 'final' }: ClassifyOptions = {}): Classification {
  for (const link of chainOf(error)) {
    const kind = judge(link, limitExceeded);
    if (kind === undefined) continue;
    const retryAfterMs = kind === 'final' ? undefined : retryAfter(link);
    return retryAfterMs === undefined ? { kind } : { kind, retryAfterMs };
  }
  return { kind: 'final' };
}

/** The HTTP status of an error, from any of the members where clients put it. */
export function statusOf(error: unknown): number | undefined {
  const { $metadata, status, statusCode, response } = fieldsOf(error);
  const candidates = [
    fieldsOf($metadata).httpStatusCode,
    status,
    statusCode,
    fieldsOf(response).status,
    fieldsOf(response).statusCode,
  ];
  return candidates.find((one) => typeof one === 'number');
}

/** The members that are read from errors; any of them may be missing or have another type. */
interface Fields {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly status?: unknown;
  readonly statusCode?: unknown;
  readonly response?: unknown;
  readonly $fault?: unknown;
  readonly $retryable?: unknown;
  readonly throttling?: unknown;
  readonly $metadata?: unknown;
  readonly httpStatusCode?: unknown;
  readonly clockSkewCorrected?: unknown;
}

type Kind = Classification['kind'];

/** An error and its causes, outermost first. */
function* chainOf(error: unknown): Generator<Fields> {
  const seen = new Set<unknown>();
  for (let link = error; typeof link === 'object' && link !== null; link = fieldsOf(link).cause) {
    if (seen.has(link)) return;
    seen.add(link);
    yield fieldsOf(link);
  }
}

function judge(error: Fields, limitExceeded: Kind): Kind | undefined {
  const { $retryable, $fault, name, code } = error;
  const names = [name, code];
  // The retryable trait of the service's model takes precedence over every list of names.
  if ($retryable !== undefined) return fieldsOf($retryable).throttling ? 'throttle' : 'transient';
  if (names.includes('LimitExceededException')) return limitExceeded;
  if (names.some((one) => THROTTLE_NAMES.has(one))) return 'throttle';
  if (names.some((one) => TRANSIENT_NAMES.has(one))) return 'transient';
  const byStatus = judgeStatus(error);
  if (byStatus === 'final' && isStaleSignature(error)) return 'transient';
  if (byStatus) return byStatus;
  if ($fault === 'server') return 'transient';
  return isCutShort(error) || isLostFetch(error) ? 'transient' : undefined;
}

function judgeStatus(error: Fields): Kind | undefined {
  const status = statusOf(error);
  if (status === 429) return 'throttle';
  // GitHub and others answer 403 to a client that is too fast, with a Retry-After.
  if (status === 403 && retryAfter(error) !== undefined) return 'throttle';
  if (status === 408 || status === 425) return 'transient';
  if (status === 501 || status === 505) return 'final';
  if (status !== undefined && status >= 500) return 'transient';
  if (status !== undefined && status >= 400) return 'final';
  return undefined;
}

/**
 * A request that was signed too long ago or by a wrong clock. The next attempt is signed again, by the time of the
 * service, which the SDK has learnt from this error.
 */
function isStaleSignature({ $metadata, name, message }: Fields): boolean {
  if (fieldsOf($metadata).clockSkewCorrected === true) return true;
  return name === 'InvalidSignatureException' && String(message).includes('Signature expired');
}

/** A body that does not fit its status: it was truncated, or replaced by a proxy's page. */
function isCutShort(error: Fields): boolean {
  const { name, message } = error;
  const status = statusOf(error);
  if (name === 'SyntaxError') return status !== undefined || /\bJSON\b/.test(String(message));
  return message === 'aborted' || (status !== undefined && status < 300 && MISREAD.has(name));
}

// What the SDK's deserializers throw: a body `null` is a TypeError.
const MISREAD: ReadonlySet<unknown> = new Set(['Error', 'TypeError', 'RangeError']);

/** A `fetch` that lost its connection without a cause; a cause is classified itself. */
function isLostFetch({ name, message, cause }: Fields): boolean {
  // The SDK appends a hint to the message.
  const [firstLine] = String(message).split('\n', 1);
  return name === 'TypeError' && cause === undefined && LOST_FETCH_MESSAGES.has(firstLine);
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? value : {};
}
