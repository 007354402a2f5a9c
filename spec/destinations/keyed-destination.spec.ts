import type { Destination, DrainPosition } from '../../lib/core/destination.js';
import { PageturnError } from '../../lib/core/errors.js';
import { describeDestination, type Row } from '../contracts/destination.js';

/** A table and a table of positions without a transaction over both: rows first, then the position. */
function keyedTable() {
  const rows = new Map<string, Row>();
  let position: DrainPosition | undefined;
  let lastFence = 0;
  const connect = (): Destination<Row> => {
    const savePosition = async (fence: number, next: DrainPosition | undefined) => {
      if (fence < lastFence) throw new PageturnError('ERR_DESTINATION_FENCED', 'another run has taken over');
      position = structuredClone(next);
    };
    return {
      target: 'a table',
      promises: 'at-least-once-by-key',
      open: async () => ({ fence: ++lastFence, position: structuredClone(position) }),
      async write(batch, next) {
        for (const row of batch) rows.set(row.Id, row);
        await savePosition(next.fence, next);
      },
      startOver: (next) => savePosition(next.fence, next),
      async finish({ fence }) {
        await savePosition(fence, undefined);
        return {};
      },
      close: async () => {},
    };
  };
  return { connect, published: async () => [...rows.values()] };
}

describeDestination('a table that upserts', async () => keyedTable());
