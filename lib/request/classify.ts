import { ABORT_NAME } from '../core/abort-name.js';
import { assertKnownOptions } from '../core/assert-known-options.js';
import { assertOneOf } from '../core/assert-one-of.js';
import { chainOf, type ErrorFields, fieldsOf, messageOf, statusOf } from '../core/error-fields.js';
import { ifReadable } from '../core/if-readable.js';
import { OUTAGE } from './error-in-body.js';
import { errorInResponse } from './error-in-response.js';
import {
  BAD_INPUT_NAME,
  CUT_SHORT_MESSAGE,
  LOST_FETCH_MESSAGE,
  RESOURCE_LIMIT_NAME,
  RESOURCE_WORDS,
  THROTTLE_NAME,
  THROTTLE_WORDS,
  TRANSIENT_NAME,
  UNREACHED_CODE,
} from './error-names.js';
import { kindOfGrpcStatus } from './kind-of-grpc-status.js';
import { isQuotaSpent, quotaReset } from './rate-limit.js';
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

/** Options of `classify`. */
export interface ClassifyOptions {
  /**
   * What a `LimitExceededException` means whose message does not mention a rate, and whose status is not 429 or whose
   * message mentions a resource or a quota. Most services raise it for a limit on resources, where waiting does not help.
   * Default `'final'`.
   */
  readonly limitExceeded?: 'throttle' | 'final';
}

/**
 * Classifies an error of an AWS SDK v3 client, of `fetch`, of Node's sockets and DNS, of gRPC, or of any HTTP client whose
 * errors have the status (`status`, `statusCode`, `response.status`), or a `Response`. It also looks at nested causes and,
 * because a status of 200, 400 or 403 may not say what happened, at the body that the client has read. An abort that is
 * not pageturn's own is final, and so are unknown errors.
 *
 * How long to wait is read from `Retry-After` in any form, and for a throttle also from the headers of a quota that is
 * spent (`x-ratelimit-remaining: 0` with `x-ratelimit-reset`, `RateLimit`).
 *
 * @example
 * const retry = { classify: (error: unknown) => classify(error, { limitExceeded: 'throttle' }) };
 */
export function classify(error: unknown, options: ClassifyOptions = {}): Classification {
  // `errors.map(classify)` passes an index.
  if (typeof options === 'object') assertKnownOptions('options of classify', options, ['limitExceeded']);
  const { limitExceeded = 'final' } = options;
  assertOneOf('limitExceeded', limitExceeded, ['throttle', 'final']);
  // A getter of an error may throw.
  return ifReadable(() => classifyChain([...chainOf(error)], limitExceeded)) ?? { kind: 'final' };
}

function classifyChain(chain: readonly ErrorFields[], limitExceeded: Kind): Classification {
  for (const [i, link] of chain.entries()) {
    const kind = judge(link, limitExceeded);
    if (kind === undefined) continue;
    const retryAfterMs = kind === 'final' ? undefined : waitIn(chain.slice(i), kind);
    return retryAfterMs === undefined ? { kind } : { kind, retryAfterMs };
  }
  return { kind: 'final' };
}

type Kind = Classification['kind'];

function waitIn(chain: readonly ErrorFields[], kind: Kind): number | undefined {
  for (const link of chain) {
    const ms = retryAfter(link) ?? (kind === 'throttle' ? quotaReset(link) : undefined);
    if (ms !== undefined) return ms;
  }
  return undefined;
}

function judge(error: ErrorFields, limitExceeded: Kind): Kind | undefined {
  const { $retryable, $fault, name, code, type, extensions } = error;
  const names = [name, code, type, fieldsOf(extensions).code];
  if (hasName(names, ABORT_NAME)) return 'final';
  // A throttle by its name is one even if the service's model only calls it retryable.
  if (fieldsOf($retryable).throttling || hasName(names, THROTTLE_NAME)) return 'throttle';
  if (hasName(names, LIMIT_EXCEEDED) && isAboutRate(error)) return 'throttle';
  if ($retryable !== undefined) return 'transient';
  if (
    names.includes('LimitExceededException') ||
    (hasName(names, LIMIT_EXCEEDED) && isAboutResource(error))
  ) {
    return limitExceeded;
  }
  if (hasName(names, TRANSIENT_NAME) || hasName([code], UNREACHED_CODE)) {
    return isWrongProtocol(error) ? 'final' : 'transient';
  }
  const byStatus = kindOfGrpcStatus(error) ?? judgeBody(error) ?? judgeStatus(error);
  if (byStatus === 'final' && isStaleSignature(error)) return 'transient';
  if (byStatus) return byStatus;
  if ($fault === 'server') return 'transient';
  return isCutShort(error) || isLostFetch(error) ? 'transient' : undefined;
}

function hasName(names: readonly unknown[], pattern: RegExp): boolean {
  return names.some((one) => typeof one === 'string' && pattern.test(one));
}

const LIMIT_EXCEEDED = /limit_?exceeded/i;

function isAboutRate(error: ErrorFields): boolean {
  return THROTTLE_WORDS.test(messageOf(error)) || (statusOf(error) === 429 && !isAboutResource(error));
}

/** A limit that no waiting lifts, such as the number of users; some services give it the status of a throttle. */
function isAboutResource(error: ErrorFields): boolean {
  const { name, code, type } = error;
  return hasName([name, code, type], RESOURCE_LIMIT_NAME) || RESOURCE_WORDS.test(messageOf(error));
}

/** Google's 403, GitHub's 403 for its secondary limit, Meta's 400, GraphQL's 200: the body says more than the status. */
function judgeBody(error: ErrorFields): Kind | undefined {
  const status = statusOf(error);
  const isError = status !== undefined && status >= 300;
  if (isError && status !== 400 && status !== 403) return undefined;
  const said = errorInResponse(error);
  if (!said) return undefined;
  const { name = '', message } = said;
  if (THROTTLE_NAME.test(name)) return 'throttle';
  if (!BAD_INPUT_NAME.test(name) && THROTTLE_WORDS.test(message)) return 'throttle';
  if (isError) return undefined;
  if (OUTAGE.test(`${name} ${message}`)) return 'transient';
  return status === undefined ? undefined : 'final';
}

function judgeStatus(error: ErrorFields): Kind | undefined {
  const status = statusOf(error);
  if (status === 429) return 'throttle';
  if (status === 400 || status === 403) {
    // GitHub and others answer 403 to a client that is too fast.
    if (status === 403 && (isQuotaSpent(error) || retryAfter(error) !== undefined)) return 'throttle';
    if (isUnnamed(error) && THROTTLE_WORDS.test(messageOf(error))) return 'throttle';
  }
  // GraphQL answers 200, and its clients drop the status.
  if (status === undefined && isQuotaSpent(error)) return 'throttle';
  if (status === 408 || status === 425) return 'transient';
  if (status === 501 || status === 505) return 'final';
  if (status !== undefined && status >= 500) return 'transient';
  // A redirect that the client does not follow would only be returned again.
  if (status !== undefined && status >= 300) return 'final';
  return undefined;
}

/** Whether an error has only a generic name: the SDK's for an answer without one, and those of HTTP clients. */
function isUnnamed({ name }: ErrorFields): boolean {
  return (
    name === undefined || /^(Unknown|UnknownError|Error|HttpError|HTTPError|\w+iosError)$/.test(String(name))
  );
}

/**
 * A request that was signed too long ago or by a wrong clock. The next attempt is signed again, by the time of the
 * service, which the SDK has learnt from this error.
 */
function isStaleSignature(error: ErrorFields): boolean {
  if (fieldsOf(error.$metadata).clockSkewCorrected === true) return true;
  return error.name === 'InvalidSignatureException' && messageOf(error).includes('Signature expired');
}

/** TLS to a port that speaks plain HTTP. */
function isWrongProtocol(error: ErrorFields): boolean {
  return error.code === 'EPROTO' && messageOf(error).includes('wrong version number');
}

/** A body that does not fit its status: it was truncated, or replaced by a proxy's page. Or a garbled TLS record. */
function isCutShort(error: ErrorFields): boolean {
  const { name } = error;
  const status = statusOf(error);
  if (name === 'SyntaxError') return status !== undefined || /\bJSON\b/.test(messageOf(error));
  if (/bad record mac/i.test(messageOf(error))) return true;
  if (CUT_SHORT_MESSAGE.test(messageOf(error))) return true;
  return status !== undefined && status < 300 && (MISREAD.has(name) || error.code === 'ERR_BAD_RESPONSE');
}

// What the SDK's deserializers throw: a body `null` is a TypeError. ERR_BAD_RESPONSE is the code of axios.
const MISREAD: ReadonlySet<unknown> = new Set(['Error', 'TypeError', 'RangeError']);

/** A `fetch` that lost its connection without a cause; a cause is classified itself. */
function isLostFetch(error: ErrorFields): boolean {
  // The SDK appends a hint to the message, on a separate line.
  return error.name === 'TypeError' && error.cause === undefined && LOST_FETCH_MESSAGE.test(messageOf(error));
}
