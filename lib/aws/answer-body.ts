type Collect = (stream: unknown) => Promise<Uint8Array>;
type Next = (args: unknown) => Promise<{ readonly output?: unknown; readonly response?: unknown }>;

/** A short answer as it came over the wire. */
export interface Answer {
  /** The parsed JSON; for XML, the error in it, if there is one. With the error type that a header may name. */
  readonly body: unknown;
  readonly headers: unknown;
  /** Whether it is a page of HTML, of any length: a portal or a proxy sent it. */
  readonly isHtml: boolean;
}

/**
 * Middleware that keeps the body of short answers: the SDK drops every member that is null or not in the model, and
 * with them the text of an error. Undefined if the client does not read its bodies this way.
 */
export function keepBodies(client: object) {
  const { config } = client as { config?: { streamCollector?: unknown } };
  const collect = config?.streamCollector;
  if (typeof collect !== 'function') return undefined;
  return (next: Next, context: { streamCollector?: Collect }) => async (args: unknown) => {
    let kept: Uint8Array | undefined;
    // The deserializer prefers the context of the command to the client's configuration.
    context.streamCollector = async (stream) => {
      const bytes = (await (collect as Collect)(stream)) as Uint8Array;
      if (bytes.byteLength <= LONGEST || isHtml(bytes)) kept = bytes;
      return bytes;
    };
    const result = await next(args);
    const { output, response } = result;
    if (kept && typeof output === 'object' && output !== null) {
      answers.set(output, { bytes: kept, headers: Object(response).headers });
    }
    return result;
  };
}

// The bodies of errors are shorter than this; keeping every page would double the memory of a listing.
const LONGEST = 8192;

const answers = new WeakMap<object, { readonly bytes: Uint8Array; readonly headers: unknown }>();

/** The answer an output was read from, if it was short; undefined for the output of a mock. */
export function answerOf(output: object): Answer | undefined {
  const answer = answers.get(output);
  if (!answer) return undefined;
  const { bytes, headers } = answer;
  const body = parsed(new TextDecoder().decode(bytes));
  const type: unknown = Object(headers)['x-amzn-errortype'];
  return {
    body: type === undefined ? body : { ...Object(body), __type: type },
    headers,
    isHtml: isHtml(bytes),
  };
}

function isHtml(bytes: Uint8Array): boolean {
  return HTML.test(new TextDecoder().decode(bytes.subarray(0, LONGEST_START)));
}

const HTML = /^\s*((<\?xml[^>]*>|<!--.*?-->)\s*)?<(!doctype\s+)?html[\s>]/is;

// More than can come before the first tag.
const LONGEST_START = 256;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const code = /<Code>([^<]{1,100})<\/Code>/.exec(text)?.[1];
    return code && { __type: code, message: /<Message>([^<]{1,1000})<\/Message>/.exec(text)?.[1] };
  }
}

/** Places the middleware around the deserializer. */
export const KEEP_BODIES = {
  name: 'pageturnKeepBodies',
  step: 'deserialize',
  priority: 'high',
  override: true,
};
