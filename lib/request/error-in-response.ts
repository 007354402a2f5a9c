import { isPlainObject } from '../core/canonical.js';
import { type ErrorFields, fieldsOf } from '../core/error-fields.js';
import { type ErrorText, errorTextIn } from './error-in-body.js';

/** The error that the body of a response describes, if the client of an error has read one. */
export function errorInResponse(error: ErrorFields): ErrorText | undefined {
  for (const body of bodiesOf(error)) {
    const found = errorTextIn(body);
    if (found) return found;
  }
  return undefined;
}

/**
 * How long the body of a response asks to wait: a number of seconds (Discord's `retry_after`, Telegram's in `parameters`),
 * or a duration (`retryDelay` of Google's RetryInfo).
 */
export function waitInResponse(error: ErrorFields): string | undefined {
  for (const body of bodiesOf(error)) {
    const { retry_after: own, parameters, error: inner } = Object(body) as Record<string, unknown>;
    const seconds = own ?? Object(parameters).retry_after;
    if (typeof seconds === 'number') return String(seconds);
    const { details } = Object(inner) as { details?: unknown };
    const delays = Array.isArray(details)
      ? details.slice(0, MOST_DETAILS).map((one) => Object(one).retryDelay)
      : [];
    const delay: unknown = delays.find((one) => typeof one === 'string');
    if (typeof delay === 'string') return delay;
  }
  return undefined;
}

// Google sends one of each kind, and there are seven.
const MOST_DETAILS = 20;

/**
 * Where clients keep the body of a response: axios, gaxios and octokit (`response.data`), got and superagent
 * (`response.body`), ofetch (`data`), Azure (`response.bodyAsText`), Notion (`body`), OpenAI (`error`), GraphQL clients
 * (`response.errors`, `graphQLErrors`). The errors of the AWS SDK have their own names.
 */
function* bodiesOf(error: ErrorFields): Generator<object> {
  if (error.$metadata !== undefined) return;
  const { response } = error;
  for (const one of [
    ...ownOf(error, 'data', 'body', 'error'),
    ...ownOf(response, 'data', 'body', 'bodyAsText'),
  ]) {
    const body = typeof one === 'string' ? parsed(one) : one;
    if (isData(body)) yield body;
  }
  for (const errors of [fieldsOf(response).errors, error.graphQLErrors]) {
    if (Array.isArray(errors)) yield { errors };
  }
}

/** Own members only: the getter `data` of node-fetch prints a warning. */
function ownOf(holder: unknown, ...names: readonly string[]): unknown[] {
  const fields = fieldsOf(holder) as Readonly<Record<string, unknown>>;
  return names.map((name) => (Object.hasOwn(fields, name) ? fields[name] : undefined));
}

/** Not a stream, which has members of the same names. */
function isData(value: unknown): value is object {
  return typeof value === 'object' && value !== null && (Array.isArray(value) || isPlainObject(value));
}

function parsed(text: string): unknown {
  try {
    return text.length > LONGEST ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

// The bodies of errors are shorter.
const LONGEST = 8192;
