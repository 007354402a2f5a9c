import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { bufferedOutput } from '../../lib/cli/output/buffered-output.js';

/** An output that records its chunks and finishes writing one each time `take` is called. */
function gated() {
  const chunks: string[] = [];
  const gates: (() => void)[] = [];
  const output = bufferedOutput((chunk) => {
    chunks.push(chunk.toString());
    return new Promise((resolve) => {
      gates.push(resolve);
    });
  });
  return { output, chunks, take: () => gates.shift()?.() };
}

const LONG = 'x'.repeat(70_000);

describe('a buffered output', () => {
  it('texts of one turn of the event loop are written together, in order', async () => {
    const { output, chunks } = gated();
    for (const text of ['a', 'b', 'ü']) expect(output.write(text)).toBeUndefined();
    expect(chunks).toEqual([]);
    await setImmediate();
    await setImmediate();
    expect(chunks).toEqual(['abü']);
  });

  it('a write that fills a chunk waits until the chunk is written', async () => {
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

  it('chunks are written one at a time', async () => {
    const { output, chunks, take } = gated();
    output.write(`1${LONG}`);
    output.write(`2${LONG}`);
    await setImmediate();
    expect(chunks.map((chunk) => chunk[0])).toEqual(['1']);
    take();
    await setImmediate();
    expect(chunks.map((chunk) => chunk[0])).toEqual(['1', '2']);
  });

  it('a flush resolves when everything is written', async () => {
    const { output, chunks, take } = gated();
    output.write('a');
    const flushed = output.flush();
    await setImmediate();
    take();
    await flushed;
    expect(chunks).toEqual(['a']);
    await output.flush();
    expect(chunks).toEqual(['a']);
  });

  it('after a failed write, every write and flush fails and nothing more is written', async () => {
    let chunks = 0;
    const output = bufferedOutput(async () => {
      chunks++;
      throw new Error('disk full');
    });
    output.write('a');
    await setImmediate();
    await setImmediate();
    await expect(output.write('b')).rejects.toThrow('disk full');
    await expect(output.flush()).rejects.toThrow('disk full');
    expect(chunks).toBe(1);
  });
});
