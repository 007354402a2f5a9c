import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A response as it goes over the wire. */
export interface Canned {
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a client is given to talk to a server that answers each request with what `answer` makes of it, until the test ends. */
export async function cannedServer(answer: (request: { url: string; body: string }) => Canned) {
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    let sent = '';
    for await (const chunk of request) sent += String(chunk);
    requests.push(request.url ?? '');
    const {
      status = 200,
      type = 'application/json',
      headers,
      body,
    } = answer({
      url: request.url ?? '',
      body: sent,
    });
    response.writeHead(status, { 'content-type': type, ...headers });
    response.end(status === 204 ? undefined : body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    requests,
    config: {
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
      forcePathStyle: true,
    },
  };
}
