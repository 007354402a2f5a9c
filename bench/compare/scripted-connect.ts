import { Readable } from 'node:stream';
import { ConnectClient } from '@aws-sdk/client-connect';
import type { FetchPage } from '../../lib/core/page.js';
import type { Item } from '../../lib/testing/index.js';
import { askService, type WireAnswer } from './wire-answer.js';

type RequestHandler = ConnectClient['config']['requestHandler'];

/**
 * A real client with all of its middleware (serialisation, signing, retry), whose ListUsers requests go to the scripted
 * service instead of a socket.
 */
export function scriptedConnect(fetchPage: FetchPage<Item>): ConnectClient {
  const requestHandler: RequestHandler = {
    async handle(request, options: { abortSignal?: unknown } = {}) {
      const { nextToken: token, maxResults: size } = request.query;
      const answer = await askService(fetchPage, typeof token === 'string' ? token : undefined, {
        pageSize: typeof size === 'string' ? Number(size) : undefined,
        signal: options.abortSignal as AbortSignal | undefined,
      });
      return { response: toResponse(answer) };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
  return new ConnectClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'scripted', secretAccessKey: 'scripted' },
    requestHandler,
  });
}

function toResponse(answer: WireAnswer) {
  const isPage = 'next' in answer;
  const body = isPage
    ? {
        UserSummaryList: answer.items?.map(({ id, name }) => ({ Id: id, Username: name })),
        NextToken: answer.next,
      }
    : { message: answer.error.message };
  return {
    statusCode: answer.status,
    headers: {
      'content-type': 'application/json',
      ...(isPage ? {} : { 'x-amzn-errortype': answer.error.name, ...answer.headers }),
    },
    body: Readable.from([Buffer.from(JSON.stringify(body))]),
  };
}
