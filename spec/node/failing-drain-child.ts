// A separate process for the specs: `failing-drain-child.ts <rows> <failed>`. Every seventh of 1,000 items fails. Prints
// each total, and the receipt.

import { fromPages } from '../../lib/from-pages.js';
import { file, ndjson } from '../../lib/node/index.js';
import { printTotals } from '../support/print-totals.js';

const [rows = '', failed = ''] = process.argv.slice(2);
const items = fromPages(
  async (token) => {
    const at = Number(token ?? 0);
    return {
      items: Array.from({ length: 50 }, (_, n) => ({ Id: at + n })),
      next: at + 50 < 1_000 ? String(at + 50) : undefined,
    };
  },
  { query: { operation: 'rows' } },
);
const receipt = await items
  .mapAsync(
    async (item) => {
      if (item.Id % 7 === 0) throw new Error('no');
      return item;
    },
    { tolerate: { share: 0.2 } },
  )
  .drainTo(file(rows, { format: ndjson() }), {
    batch: 5,
    failed: file(failed, { format: ndjson() }),
    onProgress: printTotals(),
  });
console.log(JSON.stringify(receipt));
