// A separate process for the specs: `drain-child.ts <endpoint> <table>`. Drains 2,000 rows into a table and prints each total.

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodb } from '../../lib/dynamodb/index.js';
import { fromPages } from '../../lib/from-pages.js';
import { printTotals } from '../support/print-totals.js';

const [endpoint = '', table = ''] = process.argv.slice(2);
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const client = new DynamoDBClient({ endpoint, credentials, region: 'eu-central-1' });
const rows = fromPages(
  async (token) => {
    const at = Number(token ?? 0);
    const items = Array.from({ length: 50 }, (_, n) => ({ Id: `r${at + n}`, at: new Date(at + n) }));
    return { items, next: at + 50 < 2_000 ? String(at + 50) : undefined };
  },
  { query: { operation: 'rows' } },
);
const receipt = await rows.drainTo(dynamodb({ client, table, key: 'Id' }), {
  batch: 20,
  onProgress: printTotals(),
});
console.log(JSON.stringify(receipt));
