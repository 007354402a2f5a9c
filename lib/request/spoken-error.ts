/** An error that the body of an answer describes although its status says success. */
export interface SpokenError extends Error {
  /** Whether the words can only be those of an error; a mere message may also say that there is nothing to list. */
  readonly isCertain: boolean;
}

// What services answer that are too busy. A service that refuses a request for good names the reason.
const RATE = /throttl|rate.?(limit|exceed)|too.?many.?req|slow.?down|request.?limit|quota.?exc/i;
const OUTAGE = /internal|unavailable|time.?d?.?out|try.?again/i;

/**
 * The error in a body that has nothing else: as AWS writes it (`__type` and `message`), or as other services do (`error`,
 * `errors`, `code`, `status`). Undefined if it has no words of an error. The headers may name the error too; those of an
 * HTTP client's response are found in it.
 */
export function spokenError(body: unknown, headers: unknown = Object(body).headers): SpokenError | undefined {
  const type = nameIn(Object(headers)['x-amzn-errortype']);
  const words = wordsIn(body, 0) ?? (type && { message: type });
  if (!words) return undefined;
  const { name = type, message, status }: Words = words;
  const text = `${name} ${message}`;
  const throttling = RATE.test(text);
  const isOutage = OUTAGE.test(text);
  return Object.assign(new Error(message), {
    name: name ?? 'Error',
    status,
    // They may say how long to wait.
    headers,
    // The SDK's sign that trying again may help.
    ...(!status && (throttling || isOutage || !name) && { $retryable: { throttling } }),
    isCertain: Boolean(name ?? status) || throttling || isOutage,
  });
}

interface Words {
  readonly name?: string | undefined;
  readonly message: string;
  readonly status?: number | undefined;
}

// The deepest known body is { data: { errors: [{}] } }.
const DEEPEST = 3;

function wordsIn(body: unknown, depth: number): Words | undefined {
  if (typeof body !== 'object' || body === null || depth > DEEPEST) return undefined;
  const fields: Record<string, unknown> = Array.isArray(body) ? { error: body[0] } : { ...body };
  // Where services put the error itself. `Output` is the envelope of AWS's own web framework, `data` what HTTP clients
  // call the body.
  const { errors, Errors = errors, Error: capital = Errors, error = capital, Output, data = Output } = fields;
  const { errorType, __type = errorType, errorCode, Code = errorCode, code = Code } = fields;
  const { errorMessage, Message = errorMessage, message: text = Message } = fields;
  const { status: other, statusCode = other } = fields;
  const message = textIn(text);
  const only = textIn(error);
  if (only) return { name: nameIn(only), message: message ?? only };
  const inner = wordsIn(error, depth + 1) ?? wordsIn(data, depth + 1);
  if (inner) return inner;

  const type = nameIn(__type);
  const name = type ?? nameIn(code);
  const status = statusIn(code) ?? statusIn(statusCode);
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
