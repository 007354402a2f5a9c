import { describe, expect, it } from 'vitest';
import { paginate } from '../../../lib/aws/paginate.js';

const NAMESPACE = 'com.amazonaws.pinpoint';
/** The simple types of the SDK's schemas, and a list of texts. */
const [TEXT, BOOLEAN, TEXTS] = [0, 2, 64];

/** A structure as the SDK's schemas write it. */
function structure(members: Readonly<Record<string, unknown>>): unknown[] {
  return [3, NAMESPACE, 'Structure', 0, Object.keys(members), Object.values(members)];
}

/** A command with its own schema, and a client that answers with a page for each token. */
function operation(input: object, output: object) {
  class GetThingsCommand {
    readonly schema = [9, NAMESPACE, 'GetThings', 0, structure({ ...input }), () => structure({ ...output })];
    readonly input: object;
    constructor(fields: object) {
      this.input = fields;
    }
    resolveMiddleware() {}
  }
  const sent: object[] = [];
  const list = (pages: object[], fields: object = {}, options: object = {}) => {
    const client = {
      middlewareStack: {},
      send: async (command: GetThingsCommand) => {
        sent.push(command.input);
        return pages[sent.length - 1];
      },
    };
    return Reflect.apply(paginate, undefined, [client, GetThingsCommand, fields, options]);
  };
  return { sent, list };
}

describe('the schema of a command', () => {
  it('a page size that is a text is sent as a text, as Pinpoint wants it', async () => {
    const response = structure({ Item: TEXTS, NextToken: TEXT });
    const pages = [
      { Response: { Item: ['a'], NextToken: 'A' } },
      { Response: { Item: ['b'] } },
      { Response: { Item: ['c'] } },
    ];
    const { sent, list } = operation({ Token: TEXT, PageSize: TEXT }, { Response: response });
    expect(await list(pages, {}, { pageSize: 1 }).toArray()).toEqual(['a', 'b']);
    expect(await list(pages, { PageSize: '1' }).toArray()).toEqual(['c']);
    expect(sent).toEqual([{ PageSize: '1' }, { PageSize: '1', Token: 'A' }, { PageSize: '1' }]);
  });

  it('a list is found next to its token, not among the lists of other structures', async () => {
    const response = structure({ Items: TEXTS, NextMarker: TEXT, IsTruncated: BOOLEAN });
    const { list } = operation(
      { Marker: TEXT },
      { Warnings: structure({ Texts: TEXTS }), Things: [response, 0], Metadata: structure({ Marker: TEXT }) },
    );
    expect(() => list([])).toThrow('has no page token that pageturn knows');
    const { list: listOne } = operation(
      { Marker: TEXT },
      { Warnings: structure({ Texts: TEXTS }), Things: [response, 0] },
    );
    expect(
      await listOne([{ Things: { Items: ['a'], IsTruncated: false, NextMarker: 'left over' } }]).toArray(),
    ).toEqual(['a']);
  });

  it('a structure that contains itself does not keep an operation from being paged', async () => {
    const recursive: unknown[] = structure({ Self: () => recursive, Name: TEXT });
    const { list } = operation({ NextToken: TEXT }, { Tree: recursive, Names: TEXTS, NextToken: TEXT });
    expect(await list([{ Names: ['a'] }]).toArray()).toEqual(['a']);
  });

  it('several lists are named in the error, those in structures with their paths', () => {
    const { list } = operation({ NextToken: TEXT }, { NextToken: TEXT, Result: structure({ Rows: TEXTS }) });
    expect(() => list([])).toThrow('has no list at the top of its output (there are Result.Rows)');
    expect(() => list([], {}, { items: 'Result.Rows' })).not.toThrow();
  });
});
