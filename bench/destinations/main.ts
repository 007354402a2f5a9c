// Drains users from memory into files and compares this with the same format, and the same file(), fed from an array, and
// with a loop that writes NDJSON as it arrives. Each way runs in a process of its own; prints its time and memory.
// Run it: npm run bench:destinations -- [users]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageFrom, startWorker } from '../worker-process.js';
import { FORMATS } from './formats.js';
import type { Measured } from './worker.js';

const users = process.argv[2] ?? '1000000';
const folder = mkdtempSync(join(tmpdir(), 'pageturn-destinations-'));

async function measure(way: string, format: string): Promise<Measured> {
  const worker = startWorker(new URL('./worker.ts', import.meta.url), [
    way,
    format,
    users,
    join(folder, way),
  ]);
  return messageFrom<Measured>(worker);
}

function print(name: string, { seconds, cpuSeconds, peakMb, grownMb }: Measured): void {
  const time = `${seconds.toFixed(1).padStart(5)} s (${cpuSeconds.toFixed(1).padStart(4)} s of CPU)`;
  const memory = `peak ${peakMb.toFixed(0)} MB, ${grownMb.toFixed(0)} MB more in the second half`;
  console.log(`${name.padEnd(29)} ${time}  ${memory}`);
}

/** By the clock, and by the time of the processor, on which other programs have less influence. */
function ratio(one: Measured, other: Measured, show: (ratio: number) => string): string {
  return `${show(one.seconds / other.seconds)} (${show(one.cpuSeconds / other.cpuSeconds)})`;
}

try {
  console.log(`${Number(users).toLocaleString('en')} users`);
  const plain = await measure('loop', 'ndjson');
  print('ndjson, a plain loop', plain);
  for (const format of Object.keys(FORMATS)) {
    const array = await measure('array', format);
    print(`${format}, fed from an array`, array);
    const written = await measure('written', format);
    print(`${format}, file() fed from one`, written);
    const drained = await measure('drain', format);
    const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
    const [ofFormat, ofFile] = [array, written].map((one) => ratio(one, drained, percent));
    const times = ratio(drained, plain, (factor) => factor.toFixed(2));
    print(`${format}, a drain`, drained);
    const loop = format === 'ndjson' ? `; ${times} times the plain loop` : '';
    console.log(`  ${ofFile} of the speed of file(), ${ofFormat} of the format alone${loop}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
