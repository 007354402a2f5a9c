interface Words {
  readonly name?: string | undefined;
  readonly message: string;
  readonly status?: number | undefined;
}

/** An error that the body of an answer describes although its status says success. */
export class SpokenError extends Error {
  override readonly name: string;
  /** The status that the body gives, if it gives one. */
  readonly status: number | undefined;
  /** The headers of the answer, which may say how long to wait. */
  readonly headers: unknown;
  /** Whether trying again may help, in the SDK's form; undefined leaves it to the name and the status. */
  readonly $retryable: { readonly throttling?: boolean } | undefined;
  /** Whether the words can only be those of an error; a mere message may also say that there is nothing to list. */
  readonly isCertain: boolean;

  constructor({ name, message, status }: Words, headers: unknown) {
    super(message);
    const words = `${name} ${message}`;
    const throttling = RATE.test(words);
    const isOutage = OUTAGE.test(words);
    this.name = name ?? 'Error';
    this.status = status;
    this.headers = headers;
    this.isCertain = Boolean(name ?? status) || throttling || isOutage;
    // A service that refuses a request for good names the reason.
    if (!status && (throttling || isOutage || !name)) this.$retryable = { throttling };
  }
}

/**
 * The error in a body that has nothing else: as AWS writes it (`__type` and `message`), or as other services do (`error`,
 * `errors`, `code`, `status`). Undefined if it has no words of an error. The headers may name the error too; those of an
 * HTTP client's response are found in it.
 */
export function spokenError(body: unknown, headers: unknown = Object(body).headers): SpokenError | undefined {
  const name = nameIn(Object(headers)['x-amzn-errortype']);
  const words = wordsIn(body, 0) ?? (name && { message: name });
  return words ? new SpokenError(name ? { ...words, name } : words, headers) : undefined;
}

const RATE =
  /throttl|rate.?(limit|exceed)|limit.?rate|too.?many.?req|slow.?down|request.?limit|quota.?exceeded/i;
const OUTAGE =
  /internal.?(server.?)?(err|fail|exc)|unavailable|time.?d?.?out|temporar|try.?again|bad.?gateway/i;

/** Where services put the error itself. */
const ERRORS = ['error', 'Error', 'errors', 'Errors'];
/** What stands around it: the envelope of AWS's own web framework, and an HTTP client's name for the body. */
const ENVELOPES = ['Output', 'data'];
// The deepest known body is { data: { errors: [{}] } }.
const DEEPEST = 3;

function wordsIn(body: unknown, depth: number): Words | undefined {
  if (typeof body !== 'object' || body === null || depth > DEEPEST) return undefined;
  if (Array.isArray(body)) return wordsIn(body[0], depth + 1);
  const fields = body as Record<string, unknown>;
  const read = <T>(names: readonly string[], reader: (value: unknown) => T | undefined) =>
    names.map((name) => reader(fields[name])).find((value) => value !== undefined);

  const message = read(['message', 'Message', 'errorMessage', 'error_description'], textIn);
  const error = read(ERRORS, textIn);
  const inner = error
    ? { name: nameIn(error), message: message ?? error }
    : read([...ERRORS, ...ENVELOPES], (value) => wordsIn(value, depth + 1));
  if (inner) return inner;

  const type = read(['__type', 'errorType'], nameIn);
  const name = type ?? read(['errorCode', 'code', 'Code'], nameIn);
  const status = read(['statusCode', 'code', 'Code', 'errorCode', 'status'], statusIn);
  const isError = message ?? type ?? status ?? (depth > 0 && name);
  return isError ? { name, status, message: message ?? String(name ?? status) } : undefined;
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A name without its namespace (`com.amazon#ThrottlingException`) and what some services append to it (`:http://...`). */
function nameIn(value: unknown): string | undefined {
  return /^(?:[^#:]{0,200}#)?([A-Za-z][\w.-]{0,79})(:|$)/.exec(textIn(value) ?? '')?.[1];
}

function statusIn(value: unknown): number | undefined {
  const status = Number(value);
  return status >= 400 && status < 600 ? status : undefined;
}
