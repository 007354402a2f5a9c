import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as connect from '@aws-sdk/client-connect';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as iam from '@aws-sdk/client-iam';
import * as s3 from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { readSchema } from '../../lib/aws/read-schema.js';
import { resolvePaging } from '../../lib/aws/resolve-paging.js';

const clients: Record<string, object> = { connect, iam, s3, dynamodb, 'cloudwatch-logs': logs };

describe.each(Object.keys(clients))('the names inferred for the %s client', (client) => {
  const paginators = generatedPaginators(client);

  it.each(paginators)(
    "the names inferred for $command are those of the SDK's own paginator",
    ({ command, token, next, pageSize }) => {
      const paging = pagingOf(client, command);
      expect(paging.tokenKeys).toEqual([token]);
      expect(paging.nextOf({ [next]: 'the next token' })).toBe('the next token');
      // One paginator is generated without the page size its input has.
      if (pageSize !== '') expect(paging.pageSizeKey).toBe(pageSize);
    },
  );
});

it('names are inferred for all 104 paged commands of Amazon Connect, with one list each', () => {
  const commands = Object.keys(connect).filter((name) => /^[A-Z]\w+Command$/.test(name));
  const paged = commands.filter((command) => isPlainlyPaged('connect', command));
  expect(paged).toHaveLength(104);
});

function pagingOf(client: string, command: string, items: { items?: () => unknown } = { items: () => [] }) {
  const Command = (clients[client] as Record<string, new (input: object) => object>)[command];
  if (Command === undefined) return expect.fail(`${client} has no ${command}`);
  return resolvePaging(command, readSchema(new Command({})), items);
}

function isPlainlyPaged(client: string, command: string): boolean {
  try {
    pagingOf(client, command, {});
    return true;
  } catch {
    return false;
  }
}

/** What the SDK generated from the pagination traits of the service model, read from its source. */
function generatedPaginators(client: string) {
  const entry = createRequire(import.meta.url).resolve(`@aws-sdk/client-${client}/package.json`);
  const folder = join(dirname(entry), 'dist-es', 'pagination');
  return readdirSync(folder).flatMap((file) => {
    const source = readFileSync(join(folder, file), 'utf8');
    const found = /createPaginator\(\w+, (\w+), "([^"]+)", "([^"]+)", "([^"]*)"/.exec(source);
    if (!found) return [];
    const [, command = '', token = '', next = '', pageSize = ''] = found;
    return [{ command, token, next, pageSize }];
  });
}
