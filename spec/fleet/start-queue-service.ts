import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { listen } from '../support/listen.js';

export interface QueueService extends AsyncDisposable {
  readonly endpoint: string;
  readonly queueUrl: string;
  /** The messages that are waiting, oldest first. */
  readonly messages: string[];
}

/** As much of SQS as a sender needs, over HTTP: SendMessage in the protocol of AWS JSON 1.0. */
export async function startQueueService(): Promise<QueueService> {
  const messages: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { MessageBody = '' } = JSON.parse(Buffer.concat(chunks).toString());
    const isSend = request.headers['x-amz-target'] === 'AmazonSQS.SendMessage';
    if (isSend) messages.push(MessageBody);
    // The SDK compares the digest.
    const digest = createHash('md5').update(MessageBody).digest('hex');
    response.writeHead(isSend ? 200 : 400, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify({ MessageId: String(messages.length), MD5OfMessageBody: digest }));
  });
  const endpoint = await listen(server);
  return {
    endpoint,
    queueUrl: `${endpoint}/000000000000/continue`,
    messages,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}
