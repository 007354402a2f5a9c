import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { bufferedOutput } from '../../lib/cli/output/buffered-output.js';

/** An output whose lots are kept, each taken when `take` is called. */
function gated() {
  const lots: string[] = [];
  const gates: (() => void)[] = [];
  const output = bufferedOutput((lot) => {
    lots.push(lot.toString());
    return new Promise((resolve) => {
      gates.push(resolve);
    });
  });
  return { output, lots, take: () => gates.shift()?.() };
}

const LONG = 'x'.repeat(70_000);

describe('a buffered output', () => {
  it('writes what came in one turn of the event loop at once, in order', async () => {
    const { output, lots } = gated();
    for (const text of ['a', 'b', 'ü']) expect(output.write(text)).toBeUndefined();
    expect(lots).toEqual([]);
    await setImmediate();
    await setImmediate();
    expect(lots).toEqual(['abü']);
  });

  it('asks to wait when it has taken a lot, until that is written', async () => {
    const { output, take } = gated();
    let isWritten = false;
    const written = output.write(LONG)?.then(() => {
      isWritten = true;
    });
    await setImmediate();
    expect(isWritten).toBe(false);
    take();
    await written;
    expect(isWritten).toBe(true);
  });

  it('writes one lot after the other', async () => {
    const { output, lots, take } = gated();
    output.write(`1${LONG}`);
    output.write(`2${LONG}`);
    await setImmediate();
    expect(lots.map((lot) => lot[0])).toEqual(['1']);
    take();
    await setImmediate();
    expect(lots.map((lot) => lot[0])).toEqual(['1', '2']);
  });

  it('is flushed when everything taken is written', async () => {
    const { output, lots, take } = gated();
    output.write('a');
    const flushed = output.flush();
    await setImmediate();
    take();
    await flushed;
    expect(lots).toEqual(['a']);
    await output.flush();
    expect(lots).toEqual(['a']);
  });

  it('fails every write and flush after a failed one, and tries no more', async () => {
    let lots = 0;
    const output = bufferedOutput(async () => {
      lots++;
      throw new Error('disk full');
    });
    output.write('a');
    await setImmediate();
    await setImmediate();
    await expect(output.write('b')).rejects.toThrow('disk full');
    await expect(output.flush()).rejects.toThrow('disk full');
    expect(lots).toBe(1);
  });
});
