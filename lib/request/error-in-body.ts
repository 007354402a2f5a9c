/** An error that the body of an answer describes although its status says success. */
export interface ErrorInBody extends Error {
  /** Whether the text can only be that of an error; a mere message may also say that there is nothing to list. */
  readonly isCertain: boolean;
  /** The status that the body gives, if it gives one. */
  readonly status: number | undefined;
}

/** Whether an error was read from the body of an answer, whose status says nothing about it. */
export function isErrorInBody(error: unknown): error is ErrorInBody {
  return error instanceof Error && 'isCertain' in error;
}

// How busy services answer. A service that rejects a request for good names the reason.
const RATE = /throttl|rate.?(limit|exceed)|too.?many.?req|slow.?down/i;

/** How services that are down answer. */
export const OUTAGE = /internal|unavailable|timed?.?out/i;

/**
 * The error in a body that has nothing else: as AWS writes it (`__type` and `message`), or as other services do (`error`,
 * `errors`, `code`, `status`). Undefined if it describes no error. The headers may say how long to wait; by default
 * they are those of a response of an HTTP client.
 */
export function errorInBody(body: unknown, headers: unknown = Object(body).headers): ErrorInBody | undefined {
  const found = errorTextIn(body);
  if (!found) return undefined;
  const { name, message, status, isCertain } = found;
  const text = `${name} ${message}`;
  const throttling = RATE.test(text);
  const isOutage = OUTAGE.test(text);
  return Object.assign(new Error(message), {
    name: name ?? 'Error',
    status,
    headers,
    // How the SDK marks an error as worth another attempt.
    ...(!status && (throttling || isOutage || !name) && { $retryable: { throttling } }),
    isCertain: Boolean(isCertain ?? name ?? status ?? (throttling || isOutage)),
  });
}

/** What a body says about an error. */
export interface ErrorText {
  readonly name?: string | undefined;
  readonly message: string;
  readonly status?: number | undefined;
  /** Whether it is in a place where only errors are. */
  readonly isCertain?: boolean | undefined;
}

// The deepest known body is { data: { errors: [{}] } }.
const DEEPEST = 3;

/** The name, the message and the status in a body that describes an error, at any of the places where services put them. */
export function errorTextIn(body: unknown, depth = 0): ErrorText | undefined {
  if (typeof body !== 'object' || body === null || depth > DEEPEST) return undefined;
  const fields = (Array.isArray(body) ? { error: body[0] } : body) as Record<string, unknown>;
  // Where services put the error itself. `Output` is the envelope of AWS's own web framework, `data` what HTTP clients
  // call the body.
  const one = (...names: readonly string[]) =>
    names.map((name) => fields[name]).find((value) => value !== undefined);
  const error = one('error', 'errors', 'Error');
  const code = one('code', 'Code');
  const message = textIn(one('message', 'Message', 'errorMessage'));
  const only = textIn(error);
  if (only) return { name: nameIn(only), message: message ?? only, isCertain: true };
  const inner = errorTextIn(error, depth + 1);
  if (inner) return { ...inner, isCertain: true };
  const enveloped = errorTextIn(one('data', 'Output'), depth + 1);
  if (enveloped) return enveloped;

  const type = nameIn(one('__type', 'errorType'));
  // Google's `reason`, Salesforce's `errorCode`, GraphQL's `extensions`; outside of an error these say other things.
  const { code: extension } = Object(one('extensions')) as { code?: unknown };
  const other = depth > 0 ? nameIn(one('reason', 'errorCode') ?? extension ?? one('type')) : undefined;
  const name = type ?? nameIn(code) ?? other;
  const status = statusIn(code) ?? statusIn(one('statusCode', 'status'));
  const isError = message ?? type ?? status ?? (depth > 0 && name);
  return isError ? { name, status, message: message ?? `${name ?? status}` } : undefined;
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value ? value : undefined;
}

/** A name without its namespace (`com.amazon#ThrottlingException`) and what some services append to it (`:http://...`). */
function nameIn(value: unknown): string | undefined {
  return /^(?:[^#:]{0,200}#)?([A-Za-z][\w.-]{0,79})(:|$)/.exec(textIn(value) ?? '')?.[1];
}

function statusIn(value: unknown): number | undefined {
  const status = Number(value);
  return status >= 400 && status < 600 ? status : undefined;
}
