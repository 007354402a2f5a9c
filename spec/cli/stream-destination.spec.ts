import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createFormat } from '../../lib/cli/formats/create-format.js';
import { Interruption } from '../../lib/cli/interruption.js';
import { USERS } from '../../lib/cli/operations/users.js';
import { streamDestination } from '../../lib/cli/output/stream-destination.js';
import type { DrainPosition } from '../../lib/core/destination.js';
import { newTotals } from '../../lib/listing/drain/drain-totals.js';
import { cursorAt } from '../support/cursor-at.js';

function destinationWith({ fails = false } = {}) {
  const calls: string[] = [];
  const note = (call: string) => async () => void calls.push(call);
  const signals = new EventEmitter();
  const destination = streamDestination({
    sink: {
      target: 'a sink',
      async write(bytes) {
        if (fails) throw new Error('full');
        calls.push(`write ${new TextDecoder().decode(bytes)}`);
      },
      sync: note('sync'),
      close: note('close the sink'),
    },
    format: createFormat({
      output: 'csv',
      known: USERS.columns,
      tableColumns: USERS.tableColumns,
      columns: ['Id'],
    }),
    interruption: new Interruption({
      on: (name, listener) => signals.on(name, listener),
      off: (name, listener) => signals.off(name, listener),
      exit: () => {},
    }),
    positions: {
      open: async () => ({ fence: 1 }),
      save: note('save the position'),
      clear: note('clear the position'),
      close: note('close the positions'),
    },
  });
  return { calls, destination };
}

const position: DrainPosition = {
  fence: 1,
  cursor: cursorAt(1),
  totals: newTotals(new Date(0).toISOString()),
};

describe('an output that is written as rows arrive', () => {
  it('the position is saved only after the rows before it are written and synced', async () => {
    const { calls, destination } = destinationWith();
    await destination.write([{ Id: 'a' }], position);
    await destination.write([], position);
    await destination.write([{ Id: 'b' }], position);
    expect(calls).toEqual([
      'write Id\n',
      'write a\n',
      'sync',
      'save the position',
      'sync',
      'save the position',
      'write b\n',
      'sync',
      'save the position',
    ]);
  });

  it('the position is forgotten at the end of a listing, and kept at a limit', async () => {
    for (const [reason, last] of [
      ['exhausted', 'clear the position'],
      ['limit', 'sync'],
    ] as const) {
      const { calls, destination } = destinationWith();
      await destination.write([{ Id: 'a' }], position);
      expect(await destination.finish({ reason, fence: 1, totals: position.totals })).toMatchObject({
        bytes: 5,
        writtenThrough: true,
      });
      expect(calls.at(-1)).toBe(last);
    }
  });

  it('rows that cannot be written fail, and so do all that come after them', async () => {
    const { calls, destination } = destinationWith({ fails: true });
    await expect(destination.write([{ Id: 'a' }], position)).rejects.toThrow('full');
    await expect(destination.write([{ Id: 'b' }], position)).rejects.toThrow('full');
    expect(calls).toEqual([]);
  });
});
