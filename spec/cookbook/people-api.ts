import { createServer } from 'node:http';
import { listen } from '../support/listen.js';

const PEOPLE = Array.from({ length: 250 }, (_, n) => ({ id: n, name: `person ${n}` }));
const PAGE = 100;

/** The names that every way of paging lists. */
export const NAMES = PEOPLE.map(({ name }) => name);

/** An API that pages in four ways, and answers every third request with a 503. */
export async function startPeopleApi() {
  let requests = 0;
  const server = createServer(async (request, response) => {
    if (++requests % 3 === 0) {
      response.writeHead(503, { 'retry-after': '0' }).end();
      return;
    }
    const url = new URL(request.url ?? '', 'http://localhost');
    const number = (name: string, otherwise: number) => Number(url.searchParams.get(name) ?? otherwise);
    const json = (body: unknown) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    const pageAt = (at: number) => PEOPLE.slice(at, at + PAGE);
    switch (url.pathname) {
      case '/by-number':
        json({ results: pageAt((number('page', 1) - 1) * PAGE), total_pages: PEOPLE.length / PAGE });
        break;
      case '/by-offset':
        json({ items: pageAt(number('offset', 0)), total: PEOPLE.length });
        break;
      case '/by-link': {
        const page = number('page', 1);
        const rels = [`</by-link?page=1>; rel="first"`, `</by-link?page=${page + 1}>; rel="next"`];
        response.setHeader('link', page * PAGE < PEOPLE.length ? rels.join(', ') : (rels[0] as string));
        json(pageAt((page - 1) * PAGE));
        break;
      }
      default: {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const { cursor = '0' } = JSON.parse(Buffer.concat(chunks).toString()) as { readonly cursor?: string };
        const end = Number(cursor) + PAGE;
        json({
          people: pageAt(Number(cursor)),
          meta: { next_cursor: end < PEOPLE.length ? String(end) : '' },
        });
      }
    }
  });
  return { url: await listen(server), close: () => server.close() };
}
