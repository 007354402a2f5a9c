// A separate process for the specs: `drain-child.ts <path> [<totals>]`. Drains 3,000 rows into a file and prints
// each total; after so many it stands still, to be killed before it is through, or until it gets a line of input. Prints
// the receipt or the error.

import type { PageturnError } from '../../lib/core/errors.js';
import { fromPages } from '../../lib/from-pages.js';
import { csv, file } from '../../lib/node/index.js';
import { printTotals } from '../support/print-totals.js';

const [path = '', totals] = process.argv.slice(2);
const rows = fromPages(
  async (token) => {
    const at = Number(token ?? 0);
    const items = Array.from({ length: 50 }, (_, n) => ({ Id: `i${at + n}`, at: new Date(at + n) }));
    return { items, next: at + 50 < 3_000 ? String(at + 50) : undefined };
  },
  { query: { operation: 'rows' } },
);
const end = await rows
  .drainTo(file(path, { format: csv() }), {
    batch: 20,
    onProgress: printTotals(totals === undefined ? undefined : Number(totals)),
  })
  .catch(({ code, message }: PageturnError) => ({ code, message }));
console.log(JSON.stringify(end));
