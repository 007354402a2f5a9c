import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from '../support/listen.js';

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** A server on loopback that gives the same answer to every request, until it gets another one. */
export async function startScriptedServer() {
  let answer: Answer = (response) => response.end();
  const server = createServer((request, response) => answer(response, request));
  const endpoint = await listen(server);
  return {
    endpoint,
    answerWith(next: Answer) {
      answer = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A complete answer. */
export function reply(status: number, headers: Record<string, string>, body: string): Answer {
  return (response) => response.writeHead(status, headers).end(body);
}

/** An answer of Amazon Connect that names its error in the header, as the service does. */
export function awsError(
  status: number,
  name: string,
  headers: Record<string, string> = {},
  message = 'a message of the service',
): Answer {
  const body = JSON.stringify({ Message: message });
  return reply(
    status,
    { 'content-type': 'application/json', 'x-amzn-errortype': `${name}:http://internal/`, ...headers },
    body,
  );
}
