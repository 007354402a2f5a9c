import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FetchPage } from '../../lib/core/page.js';
import type { Item } from '../../lib/testing/index.js';
import { askService, type WireAnswer } from './wire-answer.js';

interface LoopbackOptions {
  /** The name of the page token in the query string or form of a request. */
  readonly tokenName: string;
  /** The body of a page. */
  readonly pageOf: (items: readonly Item[] | undefined, next: string | null | undefined) => object;
  /** The body of a failed request, for services that report errors with status 200. */
  readonly errorBodyOf?: (name: string) => object;
}

/** Serves the scripted service on 127.0.0.1, for pagers with their own HTTP client. */
export async function startLoopback(fetchPage: FetchPage<Item>, options: LoopbackOptions) {
  const server = createServer(async (request, response) => {
    const fields = new URL(request.url ?? '/', 'http://localhost').searchParams;
    for (const [name, value] of new URLSearchParams(await readText(request))) fields.set(name, value);
    const hungUp = new AbortController();
    response.on('close', () => hungUp.abort());
    try {
      const token = fields.get(options.tokenName) ?? undefined;
      const answer = await askService(fetchPage, token, { signal: hungUp.signal });
      const { status, headers, body } = toHttp(answer, options);
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function toHttp(answer: WireAnswer, { pageOf, errorBodyOf }: LoopbackOptions) {
  if ('next' in answer) return { status: 200, headers: {}, body: pageOf(answer.items, answer.next) };
  const { status, error, headers } = answer;
  // Services that throttle over plain HTTP send Retry-After.
  if (status === 429) return { status, headers: { 'retry-after': '1', ...headers }, body: error };
  if (errorBodyOf && status < 500) return { status: 200, headers, body: errorBodyOf(error.name) };
  return { status, headers, body: error };
}

async function readText(chunks: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString();
}
