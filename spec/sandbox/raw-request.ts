import { request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number | undefined;
  readonly errorType: unknown;
  readonly body: string;
}

export interface RawRequest {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Uint8Array;
}

/** Sends a request as it is: `fetch` would correct its path and refuse headers such as `Host`. */
export function send(endpoint: string, { method = 'GET', path = '/', body = '', ...request }: RawRequest) {
  const { hostname, port } = new URL(endpoint);
  const headers = { 'content-length': Buffer.byteLength(body), ...request.headers };
  return new Promise<RawAnswer>((resolve, reject) => {
    const sent = httpRequest({ hostname, port, method, path, headers, agent: false }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode, errorType: response.headers['x-amzn-errortype'], body: text });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Sends bytes that need not be HTTP; resolves when the connection is over. */
export function sendBytes(endpoint: string, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ port: Number(new URL(endpoint).port), host: '127.0.0.1' }, () =>
      socket.end(bytes),
    );
    socket.on('error', () => {}).on('close', () => resolve());
    socket.resume();
  });
}
