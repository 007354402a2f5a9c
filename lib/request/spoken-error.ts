/** An error that the body of an answer describes although its status says success. */
export class SpokenError extends Error {
  override readonly name: string;
  /** The status that the body gives, if it gives one. */
  readonly status: number | undefined;
  /** Whether trying again may help, in the SDK's form; undefined leaves it to the name and the status. */
  readonly $retryable: { readonly throttling?: true } | undefined;
  /** Whether the words can only be those of an error; a mere message may also say that there is nothing to list. */
  readonly isCertain: boolean;

  /** The headers of the answer, which may say how long to wait. */
  readonly headers: unknown;

  constructor({ name, message, status }: Words, headers: unknown) {
    super(message);
    const words = `${name} ${message}`;
    const isRate = RATE.test(words);
    const isOutage = OUTAGE.test(words);
    this.name = name ?? 'Error';
    this.status = status;
    this.headers = headers;
    this.isCertain = name !== undefined || status !== undefined || isRate || isOutage;
    if (status !== undefined) return;
    if (isRate) this.$retryable = { throttling: true };
    // A service that refuses a request for good names the reason.
    else if (name === undefined || isOutage) this.$retryable = {};
  }
}

/**
 * The error in a body that has nothing else: as AWS writes it (`__type` and `message`, or XML with `Code`), or as other
 * services do (`error`, `errors`, `code`, `status`). Undefined if it has no words of an error. The headers may name the
 * error too; those of an HTTP client's response are found in it.
 */
export function spokenError(body: unknown, headers: unknown = Object(body).headers): SpokenError | undefined {
  const type = nameIn(Object(headers)['x-amzn-errortype']);
  const words = typeof body === 'string' ? wordsInXml(body) : wordsIn(body, 0);
  if (type === undefined) return words && new SpokenError(words, headers);
  return new SpokenError({ message: type, status: undefined, ...words, name: type }, headers);
}

interface Words {
  readonly name: string | undefined;
  readonly message: string;
  readonly status: number | undefined;
}

const RATE =
  /throttl|rate.?(limit|exceed)|limit.?rate|too.?many.?requests|slow.?down|request.?limit|quota.?exceeded/i;
const OUTAGE =
  /internal.?(server.?)?(error|failure|exception)|unavailable|time.?d?.?out|temporar|try.?again|bad.?gateway/i;

// The deepest known body is { errors: [{ error: {} }] }.
const DEEPEST = 3;
const ERRORS = ['error', 'Error', 'errors', 'Errors'];
/** That of AWS's own web framework, and what HTTP clients call the body of a response. */
const ENVELOPES = ['Output', 'data', 'body'];

function wordsIn(body: unknown, depth: number): Words | undefined {
  if (typeof body !== 'object' || body === null || depth > DEEPEST) return undefined;
  if (Array.isArray(body)) return wordsIn(body[0], depth + 1);
  const fields = body as Record<string, unknown>;
  for (const name of [...ERRORS, ...ENVELOPES]) {
    const inner = fields[name];
    const found = (ERRORS.includes(name) ? textWords(inner) : undefined) ?? wordsIn(inner, depth + 1);
    if (found) return found.message === found.name ? { ...found, ...messageOf(fields) } : found;
  }
  return ownWords(fields, depth > 0);
}

function ownWords(fields: Record<string, unknown>, isInner: boolean): Words | undefined {
  const { __type, errorType, errorCode, code, Code, status, statusCode } = fields;
  const name = first([__type, errorType, errorCode, code, Code], nameIn);
  const number = first([statusCode, code, Code, errorCode, status], statusIn);
  const { message } = messageOf(fields);
  const type = first([__type, errorType], nameIn);
  if (message === undefined && type === undefined && number === undefined && !(isInner && name)) {
    return undefined;
  }
  return { name, message: message ?? String(name ?? number), status: number };
}

function messageOf({ message, Message, errorMessage, error_description }: Record<string, unknown>) {
  const text = first([message, Message, errorMessage, error_description], (value) =>
    typeof value === 'string' && value !== '' ? value : undefined,
  );
  return text === undefined ? {} : { message: text };
}

/** `{ "error": "ratelimited" }`: a name if it reads like one, else a message. */
function textWords(value: unknown): Words | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  return { name: nameIn(value), message: value, status: undefined };
}

/** A name without its namespace (`com.amazon#ThrottlingException`) and what some services append to it (`:http://...`). */
function nameIn(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const [name = ''] = value.slice(value.indexOf('#') + 1).split(':', 1);
  return /^[A-Za-z][\w.-]{0,79}$/.test(name) ? name : undefined;
}

function statusIn(value: unknown): number | undefined {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : undefined;
}

function wordsInXml(body: string): Words | undefined {
  if (!body.trimStart().startsWith('<')) return undefined;
  const name = nameIn(/<Code>([^<]{1,100})<\/Code>/.exec(body)?.[1]);
  const message = /<Message>([^<]{1,1000})<\/Message>/.exec(body)?.[1];
  return name === undefined ? undefined : { name, message: message ?? name, status: undefined };
}

function first<T>(values: readonly unknown[], read: (value: unknown) => T | undefined): T | undefined {
  for (const value of values) {
    const found = read(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
