import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FetchPage } from '../../lib/core/page.js';
import type { Item } from '../../lib/testing/index.js';
import { askService, type WireAnswer } from './wire-answer.js';

interface LoopbackOptions {
  /** The name of the page token in the query or the form of a request. */
  readonly tokenName: string;
  /** The body of a page. */
  readonly pageOf: (items: readonly Item[] | undefined, next: string | null | undefined) => object;
  /** The body that refuses a request, for services that do not say it by the status. */
  readonly refusalOf?: (name: string) => object;
}

/** The scripted service on 127.0.0.1, for pagers that bring their own HTTP. */
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

function toHttp(answer: WireAnswer, { pageOf, refusalOf }: LoopbackOptions) {
  if ('next' in answer) return { status: 200, headers: {}, body: pageOf(answer.items, answer.next) };
  const { status, error, headers } = answer;
  // Services that throttle over plain HTTP say when to come back.
  if (status === 429) return { status, headers: { 'retry-after': '1', ...headers }, body: error };
  if (refusalOf && status < 500) return { status: 200, headers, body: refusalOf(error.name) };
  return { status, headers, body: error };
}

async function readText(chunks: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString();
}
