// Drains users from memory into files and compares this with the same format, and the same file(), fed from an array, and
// with a loop that writes NDJSON as it arrives; and the built command line, with --out and with a redirected standard output.
// Each way runs in its own process; prints its time and memory, and the ratios that have a bound, of medians.
// Run it: npm run build && npm run bench:destinations -- [users] [users of the command line]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../median.js';
import { messageFrom, startWorker } from '../worker-process.js';
import { type CommandLineTimes, measureCommandLine } from './command-line.js';
import { FORMATS } from './formats.js';
import type { Measured } from './worker.js';

/** Of the ways that are compared by a bound, by turns: one round alone was a third slower once. */
const ROUNDS = 3;

const [users = '1000000', listed = '100000'] = process.argv.slice(2);
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

/** Median times, and the most memory. */
function middle(rounds: readonly Measured[]): Measured {
  return {
    seconds: median(rounds.map(({ seconds }) => seconds)),
    cpuSeconds: median(rounds.map(({ cpuSeconds }) => cpuSeconds)),
    peakMb: Math.max(...rounds.map(({ peakMb }) => peakMb)),
    grownMb: Math.max(...rounds.map(({ grownMb }) => grownMb)),
  };
}

function print(name: string, { seconds, cpuSeconds, peakMb, grownMb }: Measured): void {
  const time = `${seconds.toFixed(1).padStart(5)} s (${cpuSeconds.toFixed(1).padStart(4)} s of CPU)`;
  const memory = `peak ${peakMb.toFixed(0)} MB, ${grownMb.toFixed(0)} MB more in the second half`;
  console.log(`${name.padEnd(29)} ${time}  ${memory}`);
}

/** By the clock, and by the time of the processor, on which other programs have less influence. */
function ratio(one: CommandLineTimes, other: CommandLineTimes, show: (ratio: number) => string): string {
  return `${show(one.seconds / other.seconds)} (${show(one.cpuSeconds / other.cpuSeconds)})`;
}

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
const times = (factor: number) => factor.toFixed(2);

try {
  console.log(`${Number(users).toLocaleString('en')} users`);
  const plain = await measure('loop', 'ndjson');
  print('ndjson, a plain loop', plain);
  for (const format of Object.keys(FORMATS)) {
    const array = await measure('array', format);
    print(`${format}, fed from an array`, array);
    const rounds: [written: Measured, drained: Measured][] = [];
    for (let round = 0; round < ROUNDS; round++) {
      rounds.push([await measure('written', format), await measure('drain', format)]);
    }
    const written = middle(rounds.map(([one]) => one));
    const drained = middle(rounds.map(([, one]) => one));
    print(`${format}, file() fed from one`, written);
    print(`${format}, a drain`, drained);
    console.log(
      `  ${ratio(written, drained, percent)} of the speed of file() fed from an array; bound: 80 % at least`,
    );
    console.log(`  ${ratio(array, drained, percent)} of the speed of the format alone`);
    if (format === 'ndjson') console.log(`  ${ratio(drained, plain, times)} times the plain loop`);
    console.log(`  peak ${drained.peakMb.toFixed(0)} MB; bound: below 250 MB, and flat`);
  }
  console.log(`${Number(listed).toLocaleString('en')} users over HTTP, by the command line`);
  const { redirected, out } = await measureCommandLine(Number(listed), folder);
  for (const [name, { seconds, cpuSeconds }] of Object.entries({
    '--output ndjson > FILE': redirected,
    '--out FILE.ndjson': out,
  })) {
    console.log(`${name.padEnd(29)} ${seconds.toFixed(1).padStart(5)} s (${cpuSeconds.toFixed(1)} s of CPU)`);
  }
  console.log(`  ${ratio(out, redirected, times)} times the plain output; bound: 1.15 at most`);
} finally {
  rmSync(folder, { recursive: true });
}
