import {
  type AttributeValue,
  CreateTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  ScanCommand,
  type ScanCommandOutput,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { afterAll, beforeAll } from 'vitest';
import { listen } from './listen.js';
import { withTransactions } from './with-transactions.js';

export type TableItem = Record<string, AttributeValue>;

interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

export interface Tables {
  /** A client of the tables; what is passed replaces parts of its configuration. */
  client(more?: Partial<DynamoDBClientConfig>): DynamoDBClient;
  /** Where it listens. */
  endpoint(): string;
  /** Makes an empty table, and resolves to its name. */
  create(...key: readonly KeyAttribute[]): Promise<string>;
  /** Makes an empty table of a name. */
  createNamed(table: string, ...key: readonly KeyAttribute[]): Promise<void>;
  /** All items of a table. */
  scan(table: string): Promise<TableItem[]>;
}

/**
 * For the head of a spec file: a DynamoDB that speaks HTTP, in memory, until after the last test; with transactions, unless it is
 * to be an emulator without.
 */
export function tables({ hasTransactions = true } = {}): Tables {
  const emulator = dynalite({ createTableMs: 0 });
  const server = hasTransactions ? withTransactions(emulator) : emulator;
  let endpoint = '';
  let count = 0;
  beforeAll(async () => {
    endpoint = await listen(server);
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });
  const client: Tables['client'] = (more) =>
    new DynamoDBClient({
      endpoint,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      ...more,
    });
  const createNamed: Tables['createNamed'] = async (table, ...key) => {
    await client().send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: key.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
        KeySchema: key.map(({ name }, i) => ({ AttributeName: name, KeyType: i === 0 ? 'HASH' : 'RANGE' })),
      }),
    );
  };
  return {
    client,
    endpoint: () => endpoint,
    createNamed,
    async create(...key) {
      const table = `table-${count++}`;
      await createNamed(table, ...key);
      return table;
    },
    async scan(table) {
      const items: TableItem[] = [];
      let ExclusiveStartKey: TableItem | undefined;
      do {
        const page: ScanCommandOutput = await client().send(
          new ScanCommand({ TableName: table, ExclusiveStartKey, ConsistentRead: true }),
        );
        items.push(...(page.Items ?? []));
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey);
      return items;
    },
  };
}
