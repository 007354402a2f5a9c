import type { Destination } from '../../core/destination.js';
import { fromPages } from '../../from-pages.js';
import { newTotals } from '../../listing/drain/drain-totals.js';
import type { Rows } from '../formats/map-rows.js';
import type { Outlet } from './open-outlet.js';
import type { RowOutput } from './open-whole-file.js';

/**
 * An object that is replaced as a whole, for rows that no later run continues: what a killed run has left is discarded. It is
 * opened before anything is sent.
 */
export async function openWholeObject(
  { destination, close }: Outlet,
  signal: AbortSignal,
): Promise<RowOutput> {
  const query = { operation: destination.target };
  const { cursor } = fromPages(async () => ({ items: [], next: undefined }), { query }).open();
  const start = newTotals(new Date().toISOString());
  try {
    const { fence, position } = await destination.open({ query: cursor.query, chain: [] }, { signal });
    if (position) await destination.startOver?.({ fence, cursor, totals: start });
    return {
      async publish(rows: Rows<unknown>) {
        const written = await writeAll(destination, rows, { fence, cursor, totals: start });
        await destination.finish({ reason: 'exhausted', fence, totals: { ...start, written } });
      },
      async close() {
        await destination.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function writeAll(
  destination: Destination<unknown>,
  chunks: Rows<unknown>,
  position: Parameters<Destination<unknown>['write']>[1],
): Promise<number> {
  let written = 0;
  for await (const rows of chunks) {
    written += rows.length;
    await destination.write(rows, { ...position, totals: { ...position.totals, written } });
  }
  return written;
}
