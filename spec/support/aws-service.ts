import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { startServer } from './start-server.js';

/** A request as an AWS service reads it, whatever its protocol. */
export interface AwsRequest {
  readonly path: string;
  /** The parameters of the URL, or of the form in the body. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The body, if it is JSON. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** A string is XML, an object is JSON; one with a `__type` is an error. */
type Answer = string | object;

interface AwsService {
  readonly clientConfig: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
  };
  readonly requests: AwsRequest[];
}

/** An AWS service on the loopback interface, until the end of the test. The Kinesis client speaks HTTP/2. */
export async function startAwsService(
  answer: (request: AwsRequest) => Answer,
  { http2 = false } = {},
): Promise<AwsService> {
  const requests: AwsRequest[] = [];
  const listener = async (
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
  ) => {
    const received = readRequest(request.url ?? '', await bodyOf(request));
    requests.push(received);
    const body = answer(received);
    const isError = typeof body === 'object' && '__type' in body;
    response.statusCode = isError ? 400 : 200;
    response.setHeader('content-type', typeof body === 'string' ? 'application/xml' : 'application/json');
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const server = http2 ? createHttp2Server(listener) : createServer(listener);
  const clientConfig = {
    endpoint: await startServer(server),
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  return { clientConfig, requests };
}

async function bodyOf(request: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function readRequest(target: string, body: string): AwsRequest {
  const url = new URL(target, 'http://localhost');
  const isJson = body.startsWith('{');
  const parameters = new URLSearchParams([...url.searchParams, ...new URLSearchParams(isJson ? '' : body)]);
  return {
    path: url.pathname,
    parameters: Object.fromEntries(parameters),
    json: isJson ? JSON.parse(body) : {},
  };
}
