import { type ErrorFields, fieldsOf } from '../core/error-fields.js';

/**
 * The headers of the response that an error, or a `Response`, carries: of the AWS SDK (`$response`), axios, got, gaxios
 * and octokit (`response`), Slack, Stripe, OpenAI and `fetch` (`headers`); the trailers of gRPC (`metadata`). Names are in
 * lower case.
 */
export function headersOf({ $response, response, headers, metadata }: ErrorFields): Map<string, string> {
  const found = new Map<string, string>();
  const places = [headers, fieldsOf(response).headers, fieldsOf($response).headers, trailersOf(metadata)];
  for (const candidate of places) {
    if (typeof candidate !== 'object' || candidate === null) continue;
    for (const [name, value] of entriesOf(candidate)) {
      const text = textOf(value);
      if (typeof name === 'string' && text !== undefined) found.set(name.toLowerCase(), text);
    }
  }
  return found;
}

/** @grpc/grpc-js has its own class; others have `Headers`. */
function trailersOf(metadata: unknown): unknown {
  const { getMap } = fieldsOf(metadata);
  return typeof getMap === 'function' ? getMap.call(metadata) : metadata;
}

/** Of a `Headers`, a Map, axios' own class, or a plain object. */
function entriesOf(headers: object): (readonly [unknown, unknown])[] {
  if (!(Symbol.iterator in headers)) return Object.entries(headers);
  return [...(headers as Iterable<unknown>)].map((one) =>
    Array.isArray(one) ? [one[0], one[1]] : [one, one],
  );
}

function textOf(value: unknown): string | undefined {
  if (Array.isArray(value)) return textOf(value[0]);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
