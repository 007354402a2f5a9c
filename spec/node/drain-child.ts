// A separate process for the specs: `drain-child.ts <path>`. Drains 2,000 rows into a file and prints each total.

import { fromPages } from '../../lib/from-pages.js';
import { csv, file } from '../../lib/node/index.js';

const [path = ''] = process.argv.slice(2);
const rows = fromPages(
  async (token) => {
    const at = Number(token ?? 0);
    const items = Array.from({ length: 50 }, (_, n) => ({ Id: `i${at + n}`, at: new Date(at + n) }));
    return { items, next: at + 50 < 2_000 ? String(at + 50) : undefined };
  },
  { query: { operation: 'rows' } },
);
const receipt = await rows.drainTo(file(path, { format: csv() }), {
  batch: 20,
  onProgress: ({ written }) => console.log(written),
});
console.log(JSON.stringify(receipt));
