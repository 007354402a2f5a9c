import { createServer } from 'node:http';
import { startServer } from '../support/start-server.js';

/** A response as it goes over the wire. */
export interface Canned {
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A server that answers each request with what `answer` returns, until the test ends; and the configuration of its clients. */
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
  const endpoint = await startServer(server);
  return {
    requests,
    config: {
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
      forcePathStyle: true,
    },
  };
}
