import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { FaultRule, Sandbox } from '../../lib/sandbox/index.js';
import { createRandom } from '../../lib/sandbox/scramble.js';
import { at } from '../support/at.js';
import { readCsv } from '../support/duckdb.js';
import { lineOf, newFolder, sandboxFor } from '../support/sandbox-for.js';
import { afterRequests, linesIn, readLines, runUnderKills, withGrowth } from './crash-run.js';
import { runCli } from './start-cli.js';

export interface KilledRuns {
  /** How often each run is killed at most. */
  readonly kills: number;
  /** What the moments of the kills, the faults and the changes of the directory are drawn from. */
  readonly seed: number;
}

/** The two promises of `--out`, for runs killed again and again in the midst of throttles and faults. */
export function describeKilledRuns({ kills: KILLS, seed }: KilledRuns): void {
  const options = { timeout: 60_000 + KILLS * 12_000 };

  it(`a file is the directory, row for row, after ${KILLS} kills (seed ${seed})`, options, async () => {
    const { sandbox, out, ...plan } = await crashBed({ kills: KILLS, seed, name: 'users.csv' });
    // A name that a spreadsheet would run, and one that needs quotes.
    sandbox.directory.insert({ Username: '=cmd' }, 'start');
    sandbox.directory.insert({ Username: 'a "b",\n👩' }, 'start');
    const { kills } = await runUnderKills(plan);
    expect(kills).toBeGreaterThan(KILLS / 3);
    const rows = await readCsv(out);
    expect(rows).toEqual(
      [...sandbox.directory.users()].map(({ Id, Username }) => ({
        Id,
        Username: Username.startsWith('=') ? `'${Username}` : Username,
      })),
    );
    const verified = await runCli(['verify', `${out}.receipt`]);
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining(' rows, ') });
    const { resumed } = JSON.parse(await readFile(`${out}.receipt`, 'utf8'));
    expect(resumed).toBeGreaterThan(KILLS / 4);
  });

  it(
    `a file has every lasting user of a changing directory once, after ${KILLS} kills (seed ${seed})`,
    options,
    async () => {
      const { sandbox, out, ...plan } = await crashBed({ kills: KILLS, seed, name: 'users.ndjson' });
      const history = keepChanging(sandbox, plan.random);
      const { kills } = await runUnderKills({ ...plan, between: history.change });
      expect(kills).toBeGreaterThan(KILLS / 3);

      const lines = await readLines(out);
      const ids = lines.map((line): string => JSON.parse(line).Id);
      expect(ids).toHaveLength(new Set(ids).size);
      const seen = new Set(ids);
      expect(history.lasting().filter((id) => !seen.has(id))).toEqual([]);
      expect(lines.filter((line) => !history.versions.has(line))).toEqual([]);
    },
  );
}

const FAULTS: readonly FaultRule[] = [
  { kind: 'server-error', probability: 0.04 },
  { kind: 'throttle', probability: 0.04 },
  { kind: 'reset', probability: 0.03 },
  { kind: 'truncated', probability: 0.03 },
  { kind: 'empty-page', probability: 0.03 },
];

/** As many users as it takes for the kills to come before the end, 60 to a page; and more, so that a few late kills do not matter. */
async function crashBed({ kills, seed, name }: KilledRuns & { readonly name: string }) {
  const options = { users: 480 + 120 * kills, ratePerSecond: 8, burst: 4, latencyMs: 10, seed };
  const sandbox = await sandboxFor({ ...options, faults: FAULTS });
  const folder = await newFolder();
  const out = join(folder, name);
  const args = ['users', ...at(sandbox), '--page-size', '60', '--out', out, '--receipt', `${out}.receipt`];
  const random = createRandom(seed);
  const moment = withGrowth(
    () => linesIn(`${out}.spool`, /^\t\{"\$position"/),
    afterRequests(() => sandbox.stats().requests, { most: 4, random }),
  );
  if (name.endsWith('.csv')) args.push('--columns', 'Id,Username', '--resume');
  return { sandbox, out, args, random, kills, moment };
}

/** A directory that changes in a few places between two runs, and all the lines its users ever had. */
function keepChanging({ directory }: Sandbox, random: () => number) {
  const versions = new Set([...directory.users()].map(lineOf));
  const lasting = new Set([...directory.users()].map(({ Id }) => Id));
  const change = () => {
    const users = [...directory.users()];
    const pick = () => users[Math.floor(random() * users.length)]?.Id ?? '';
    const leaving = pick();
    const renamed = pick();
    for (let n = 0; n < 3; n++) versions.add(lineOf(directory.insert({}, { after: pick() })));
    versions.add(lineOf(directory.rename(renamed, `renamed.${renamed}@acme.com`)));
    if (leaving === renamed) return;
    directory.remove(leaving);
    lasting.delete(leaving);
  };
  return { change, versions, lasting: () => [...lasting] };
}
