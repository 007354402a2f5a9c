import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

interface Action {
  readonly ConditionCheck?: object;
  readonly Put?: { readonly TableName: string; readonly Item: Record<string, unknown> };
}

interface Reason {
  readonly Code: string;
  readonly Message?: string;
}

/**
 * A server of DynamoDB's protocol that has no transactions, with those of TransactWriteItems that consist of condition checks
 * and puts: all or none, and nothing else takes effect while they do.
 */
export function withTransactions(inner: Server): Server {
  const [answer] = inner.listeners('request') as [(request: IncomingMessage, reply: ServerResponse) => void];
  const requests = new Set<Promise<unknown>>();
  let transaction: Promise<unknown> = Promise.resolve();

  const server = createServer(async (request, reply) => {
    const { [INSIDE]: isInside, 'x-amz-target': target } = request.headers;
    if (isInside) return answer(request, reply);
    if (!String(target).endsWith('.TransactWriteItems')) {
      await transaction;
      const ended = new Promise((resolve) => reply.once('close', resolve));
      requests.add(ended);
      ended.then(() => requests.delete(ended));
      return answer(request, reply);
    }
    const { TransactItems } = (await json(request)) as { readonly TransactItems: readonly Action[] };
    const before = transaction;
    const result = before.then(() => Promise.all(requests)).then(() => transact(TransactItems, request));
    transaction = result.catch(() => {});
    const { status, body } = await result;
    reply.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
  });

  async function transact(actions: readonly Action[], { headers }: IncomingMessage) {
    const send = async (operation: string, input: object): Promise<Reason> => {
      const { port } = server.address() as AddressInfo;
      const response = await fetch(`http://127.0.0.1:${port}`, {
        method: 'POST',
        headers: {
          ...Object.fromEntries(
            ['authorization', 'content-type', 'x-amz-date'].map((name) => [name, String(headers[name])]),
          ),
          'x-amz-target': `DynamoDB_20120810.${operation}`,
          [INSIDE]: 'yes',
        },
        body: JSON.stringify(input),
      });
      const { __type = '', message: Message = '' } = (await response.json()) as Record<string, string>;
      const name = __type.split('#').at(-1) ?? '';
      if (response.ok) return { Code: 'None' };
      const Code = name === 'ConditionalCheckFailedException' ? 'ConditionalCheckFailed' : 'ValidationError';
      return { Code, Message };
    };
    const invalid = (message: string) => ({
      status: 400,
      body: { __type: 'com.amazon.coral.validate#ValidationException', message },
    });
    if (actions.length > 100) return invalid('Member must have length less than or equal to 100');
    const targets = new Set(actions.map((action) => JSON.stringify(action)));
    if (targets.size < actions.length) {
      return invalid('Transaction request cannot include multiple operations on one item');
    }
    const reasons = await Promise.all(
      actions.map(async ({ ConditionCheck, Put }) => {
        // Without an update expression, an existing item stays as it is.
        if (ConditionCheck) return send('UpdateItem', ConditionCheck);
        return valid(await send('PutItem', { ...Put, ...NEVER }));
      }),
    );
    if (reasons.some(({ Code }) => Code !== 'None')) {
      return {
        status: 400,
        body: {
          __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
          message: 'Transaction cancelled, please refer cancellation reasons for specific reasons',
          CancellationReasons: reasons,
        },
      };
    }
    const puts = actions.flatMap(({ Put }) => Put ?? []);
    for (let at = 0; at < puts.length; at += 25) {
      const RequestItems: Record<string, object[]> = {};
      for (const { TableName, Item } of puts.slice(at, at + 25)) {
        RequestItems[TableName] ??= [];
        RequestItems[TableName]?.push({ PutRequest: { Item } });
      }
      await send('BatchWriteItem', { RequestItems });
    }
    return { status: 200, body: {} };
  }

  return server;
}

const INSIDE = 'x-inside-a-transaction';

/** Fails for each valid item, and so shows whether it is one. */
const NEVER = {
  ConditionExpression: 'attribute_exists(#never) AND attribute_not_exists(#never)',
  ExpressionAttributeNames: { '#never': 'never' },
};

function valid(reason: Reason): Reason {
  return reason.Code === 'ConditionalCheckFailed' ? { Code: 'None' } : reason;
}
