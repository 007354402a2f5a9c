import type { ServerResponse } from 'node:http';
import type { ServiceError } from './service-error.js';

/** A response to the client and how much of it arrives. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly delivery: 'whole' | 'truncated' | 'reset' | 'reset-in-headers' | 'never';
}

export function resultAnswer(result: object): Answer {
  return { status: 200, headers: JSON_HEADERS, body: JSON.stringify(result), delivery: 'whole' };
}

export function errorAnswer({ status, name, message }: ServiceError): Answer {
  const headers = { ...JSON_HEADERS, 'x-amzn-errortype': name };
  return { status, headers, body: JSON.stringify({ Message: message }), delivery: 'whole' };
}

/** Whether the client receives the status line. */
export function isAnswered({ delivery }: Answer): boolean {
  return delivery === 'whole' || delivery === 'truncated';
}

export function sendAnswer(response: ServerResponse, requestId: string, answer: Answer): void {
  const { status, headers, delivery } = answer;
  // Not the socket of the response, which it gets when the answers before it are sent.
  const { socket } = response.req;
  if (delivery === 'never') return;
  if (delivery === 'reset') {
    socket.resetAndDestroy();
    return;
  }
  if (delivery === 'reset-in-headers') {
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: applica', () => socket.destroy());
    return;
  }
  const body = Buffer.from(answer.body);
  response.writeHead(status, { ...headers, 'content-length': body.length, 'x-amzn-requestid': requestId });
  if (delivery === 'whole') response.end(body);
  else response.write(body.subarray(0, body.length >> 1), () => socket.destroy());
}

const JSON_HEADERS = { 'content-type': 'application/json' };
