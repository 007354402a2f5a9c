// A separate process for the specs: `drain-child.ts <endpoint> <bucket> <spool>`. Drains 2,000 rows, 8 MB, into an object and
// prints each total.

import { S3Client } from '@aws-sdk/client-s3';
import { fromPages } from '../../lib/from-pages.js';
import { ndjson } from '../../lib/node/index.js';
import { s3 } from '../../lib/s3/index.js';
import { printTotals } from '../support/print-totals.js';

const [endpoint = '', bucket = '', spool = ''] = process.argv.slice(2);
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const client = new S3Client({ endpoint, credentials, region: 'eu-central-1', forcePathStyle: true });
const rows = fromPages(
  async (token) => {
    const at = Number(token ?? 0);
    const items = Array.from({ length: 100 }, (_, n) => ({ Id: `r${at + n}`, text: 'x'.repeat(4_000) }));
    return { items, next: at + 100 < 2_000 ? String(at + 100) : undefined };
  },
  { query: { operation: 'rows' } },
);
const receipt = await rows.drainTo(s3({ client, bucket, key: 'rows.ndjson', format: ndjson(), spool }), {
  batch: 100,
  onProgress: printTotals(),
});
console.log(JSON.stringify(receipt));
