// Takes two snapshots of 1,000,000 users, of which 1 % changed, and compares them. Each step runs in its own process and
// prints its time and peak memory. Run it: npx tsx bench/changes.ts [users]
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changes } from '../lib/node/snapshot/changes.js';
import { snapshot } from '../lib/node/snapshot/snapshot.js';

const [step, folder = '', count = '1000000'] = process.argv.slice(2);
const users = Number(/^\d+$/.test(step ?? '') ? step : count);

// By the second day, of every 1,000 users 4 are updated, 3 removed and 3 added: 1 % in all.
const isUpdated = (i: number) => i % 1_000 < 4;
const isRemoved = (i: number) => i % 1_000 >= 4 && i % 1_000 < 7;
const isAdded = (i: number) => i % 1_000 >= 7 && i % 1_000 < 10;

const INSTANCE = 'arn:aws:connect:eu-central-1:123456789012:instance/3f2a9c10-6d1e-4b8a-9c55-0d2f7e4b1a66';
const MONDAY = Date.UTC(2025, 0, 6);

function user(i: number, day: number) {
  // Random like real ids: unsorted and hard to compress.
  const Id = createHash('md5')
    .update(String(i))
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  const shiftMs = day === 2 && isUpdated(i) ? 86_400_000 : 0;
  return {
    Id,
    Arn: `${INSTANCE}/agent/${Id}`,
    Username: `agent.${i}@example.com`,
    LastModifiedTime: new Date(MONDAY - (i % 90_000) * 60_000 + shiftMs),
    LastModifiedRegion: 'eu-central-1',
  };
}

async function* directory(day: number) {
  for (let i = 0; i < users; i++) if (!(day === 1 ? isAdded(i) : isRemoved(i))) yield user(i, day);
}

async function countChanges() {
  const found = { added: 0, updated: 0, removed: 0 };
  for await (const { type } of changes(join(folder, 'day-1'), join(folder, 'day-2'))) found[type]++;
  return found;
}

const steps: Record<string, () => Promise<unknown>> = {
  'snapshot 1': () => snapshot(directory(1), join(folder, 'day-1')),
  'snapshot 2': () => snapshot(directory(2), join(folder, 'day-2')),
  changes: countChanges,
};

const run = steps[step ?? ''];
if (run) {
  const startedAt = performance.now();
  const result = await run();
  const seconds = (performance.now() - startedAt) / 1_000;
  console.log(JSON.stringify({ result, seconds, peakMb: process.resourceUsage().maxRSS / 1_024 }));
} else {
  const scratch = mkdtempSync(join(tmpdir(), 'pageturn-changes-'));
  try {
    let found: unknown;
    for (const name of Object.keys(steps)) {
      const args = [...process.execArgv, import.meta.filename, name, scratch, String(users)];
      const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      if (status !== 0) throw new Error(`${name} failed: ${stderr}`);
      const { result, seconds, peakMb } = JSON.parse(stdout);
      console.log(`${name.padEnd(10)} ${seconds.toFixed(1).padStart(6)} s  peak ${peakMb.toFixed(0)} MB`);
      found = result;
    }
    const mb = statSync(join(scratch, 'day-2')).size / 1_000_000;
    const expected = { added: 0, updated: 0, removed: 0 };
    for (let i = 0; i < users; i++) {
      if (isUpdated(i)) expected.updated++;
      else if (isRemoved(i)) expected.removed++;
      else if (isAdded(i)) expected.added++;
    }
    console.log(`a snapshot of ${users} users takes ${mb.toFixed(0)} MB`);
    console.log(`found    ${JSON.stringify(found)}`);
    console.log(`expected ${JSON.stringify(expected)}`);
    if (JSON.stringify(found) !== JSON.stringify(expected)) process.exitCode = 1;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
