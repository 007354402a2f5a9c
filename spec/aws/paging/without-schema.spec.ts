import { describe, expect, it } from 'vitest';
import { paginate } from '../../../lib/aws/paginate.js';

/** A command as clients from before the SDK's schemas have it. */
class ListAssistantsCommand {
  readonly input: { readonly nextToken?: string; readonly maxResults?: number };
  constructor(input: { readonly nextToken?: string; readonly maxResults?: number }) {
    this.input = input;
  }
  resolveMiddleware(_stack: unknown, _configuration: unknown, _options: unknown) {
    return async (_args: unknown) => ({
      output: {} as {
        assistantSummaries?: { readonly name: string }[];
        nextToken?: string;
        IsTruncated?: boolean;
      },
    });
  }
}

class ListThingsCommand extends ListAssistantsCommand {}

function clientOf(serviceId: string, output: (token: string | undefined) => object) {
  const sent: object[] = [];
  return {
    sent,
    config: { serviceId },
    middlewareStack: {},
    async send({ input }: ListAssistantsCommand) {
      sent.push(input);
      return output(input.nextToken);
    },
  };
}

const twoPages = (token: string | undefined) => ({
  assistantSummaries: [{ name: token ?? 'first' }],
  nextToken: token === undefined ? 'A' : undefined,
});

describe('a command without a schema', () => {
  it('a command without a schema is listed by its name if no client of its service has schemas, such as that of Amazon Q in Connect', async () => {
    const client = clientOf('QConnect', twoPages);
    const assistants = await paginate(client, ListAssistantsCommand, {}, { pageSize: 5 }).toArray();
    expect(assistants.map(({ name }) => name)).toEqual(['first', 'A']);
    expect(client.sent).toEqual([{ maxResults: 5 }, { maxResults: 5, nextToken: 'A' }]);
  });

  it('a command without a schema is listed by the names in the options', async () => {
    const client = clientOf('Other', twoPages);
    const options = { items: 'assistantSummaries', token: 'nextToken', next: 'nextToken' } as const;
    expect(await paginate(client, ListThingsCommand, {}, options).toArray()).toHaveLength(2);
  });

  it('a listing without a schema ends where the more-pages flag is false', async () => {
    const client = clientOf('Other', () => ({ nextToken: 'left over', IsTruncated: false }));
    const options = { items: 'assistantSummaries', token: 'nextToken', next: 'nextToken' } as const;
    expect(await paginate(client, ListThingsCommand, {}, options).toArray()).toEqual([]);
    expect(client.sent).toHaveLength(1);
  });

  it('a command without a schema is refused without names, with an error that lists what to pass', () => {
    const list = () => paginate(clientOf('Other', twoPages), ListThingsCommand, {});
    expect(list).toThrow(
      expect.objectContaining({
        code: 'ERR_NOT_PAGED',
        message: expect.stringMatching(/carries no schema; pass token and next/),
      }),
    );
    const options = { token: 'nextToken', next: 'nextToken' } as const;
    expect(() => paginate(clientOf('Other', twoPages), ListThingsCommand, {}, options)).toThrow('pass items');
  });
});
