import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FaultRule, Sandbox } from '../../lib/sandbox/index.js';
import { createRandom } from '../../lib/sandbox/scramble.js';
import { readLines, runUnderKills } from './crash-run.js';
import { lineOf, ndjsonOf, newFolder, sandboxFor } from './sandbox-for.js';
import { at } from './start-cli.js';

// More kills: PAGETURN_KILLS=100 npx vitest run spec/e2e/crash.spec.ts
const { PAGETURN_KILLS = '24', PAGETURN_SEED = '1' } = process.env;
const KILLS = Number(PAGETURN_KILLS);
const SEED = Number(PAGETURN_SEED);
const TIMEOUT_MS = 60_000 + KILLS * 2000;

const FAULTS: readonly FaultRule[] = [
  { kind: 'server-error', probability: 0.04 },
  { kind: 'throttle', probability: 0.04 },
  { kind: 'reset', probability: 0.03 },
  { kind: 'truncated', probability: 0.03 },
  { kind: 'empty-page', probability: 0.03 },
];

/** As many users as it takes for the kills to come before the end, 60 to a page. */
async function crashBed() {
  const options = { users: 120 * KILLS, ratePerSecond: 8, burst: 4, latencyMs: 10, seed: SEED };
  const sandbox = await sandboxFor({ ...options, faults: FAULTS });
  const folder = await newFolder();
  const out = join(folder, 'users.ndjson');
  const files = ['--resume', join(folder, 'checkpoint'), '--out', out];
  const args = ['users', ...at(sandbox), '--page-size', '60', ...files];
  return { sandbox, out, args, random: createRandom(SEED), kills: KILLS, betweenMs: [150, 600] as const };
}

describe('killed again and again, in the midst of throttles and faults, the run ends with', () => {
  it('a file that is the directory, byte for byte', { timeout: TIMEOUT_MS }, async () => {
    const { sandbox, out, ...plan } = await crashBed();
    const { kills } = await runUnderKills(plan);
    expect(kills).toBeGreaterThan(KILLS / 3);
    expect(`${(await readLines(out)).join('\n')}\n`).toBe(ndjsonOf(sandbox));
  });

  it('every user who was there all the time, once, while others come, go and change', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const { sandbox, out, ...plan } = await crashBed();
    const history = keepChanging(sandbox, plan.random);
    const { kills } = await runUnderKills({ ...plan, between: history.change });
    expect(kills).toBeGreaterThan(KILLS / 3);

    const lines = await readLines(out);
    const ids = lines.map((line): string => JSON.parse(line).Id);
    expect(ids).toHaveLength(new Set(ids).size);
    const seen = new Set(ids);
    expect(history.lasting().filter((id) => !seen.has(id))).toEqual([]);
    expect(lines.filter((line) => !history.versions.has(line))).toEqual([]);
  });
});

/** A directory that changes in a few places between two runs, and all the lines its users ever had. */
function keepChanging({ directory }: Sandbox, random: () => number) {
  const versions = new Set([...directory.users()].map(lineOf));
  const lasting = new Set([...directory.users()].map(({ Id }) => Id));
  const change = () => {
    const users = [...directory.users()];
    const someone = () => users[Math.floor(random() * users.length)]?.Id ?? '';
    const leaving = someone();
    const renamed = someone();
    for (let n = 0; n < 3; n++) versions.add(lineOf(directory.insert({}, { after: someone() })));
    versions.add(lineOf(directory.rename(renamed, `renamed.${renamed}@acme.com`)));
    if (leaving === renamed) return;
    directory.remove(leaving);
    lasting.delete(leaving);
  };
  return { change, versions, lasting: () => [...lasting] };
}
