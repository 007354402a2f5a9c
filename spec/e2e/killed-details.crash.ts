import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createRandom } from '../../lib/sandbox/scramble.js';
import { at } from '../support/at.js';
import { readCsv } from '../support/duckdb.js';
import { newFolder, sandboxFor } from '../support/sandbox-for.js';
import { afterRequests, linesIn, readLines, runUnderKills, withGrowth } from './crash-run.js';
import { runCli } from './start-cli.js';

// More of them, or others: PAGETURN_KILLS=200 PAGETURN_SEED=7 npm run test:crash
const { PAGETURN_KILLS = '50', PAGETURN_SEED = '1' } = process.env;
const [KILLS, SEED] = [Number(PAGETURN_KILLS), Number(PAGETURN_SEED)];
const options = { timeout: 60_000 + KILLS * 30_000 };

it(
  `each user is in the file or among the failed ones, once, after ${KILLS} kills of a run that describes them`,
  options,
  async () => {
    const { sandbox, folder, out, args, random, ...plan } = await crashBed(
      'Id,Username,Email,RoutingProfileName',
      6,
    );
    // Counted by the users that are described: requests for the list and for names come before them.
    const describes = () => sandbox.stats().operations.DescribeUser.requests;
    const rows = () => linesIn(`${out}.spool`, /^\{"/);
    const moment = withGrowth(rows, afterRequests(describes, { most: 8, random }));
    const failed = join(folder, 'failed.ndjson');
    const refused = { kind: 'error', status: 400, name: 'InvalidRequestException' } as const;
    sandbox.inject(refused, { operation: 'DescribeUser', probability: 0.05 });
    let [found, grown, before] = [0, 0, 0];
    const { kills } = await runUnderKills({
      ...plan,
      moment,
      args: [...args, '--failed', failed],
      between: async () => {
        const now = await rows();
        if (now > 0) found++;
        if (now > before) grown++;
        before = now;
      },
    });
    expect(kills).toBeGreaterThan(KILLS / 3);
    // Most kills come among the users that are described: the next run resumes there.
    expect(found).toBeGreaterThan(kills / 2);
    expect(grown).toBeGreaterThanOrEqual(Math.floor(kills / 2));

    const described = (await readCsv(out)).map(({ Id, Username, Email, RoutingProfileName }) => {
      expect(RoutingProfileName).toMatch(/\w/);
      return { Id, Username, Email };
    });
    const failures = (await readLines(failed)).map((line) => JSON.parse(line).item);
    const order = [...sandbox.directory.users()].map(({ Id, Username }) => ({ Id, Username }));
    const failedIds = new Set(failures.map(({ Id }) => Id));
    expect(failures).toHaveLength(failedIds.size);
    expect(described.map(({ Id, Username }) => ({ Id, Username }))).toEqual(
      order.filter(({ Id }) => !failedIds.has(Id)),
    );
    expect(described.length + failures.length).toBe(order.length);
    expect(await runCli(['verify', `${out}.receipt`])).toMatchObject({ code: 0 });
    const { resumed } = JSON.parse(await readFile(`${out}.receipt`, 'utf8'));
    expect(resumed).toBeGreaterThan(kills / 2);
  },
);

it(`a file of searched details is the directory, row for row, after ${KILLS} kills`, options, async () => {
  const { sandbox, folder, argsFor, ...plan } = await crashBed('Id,Username,RoutingProfileName', 20);
  const directory = [...sandbox.directory.users()].map(({ Id, Username }) => ({ Id, Username }));
  // A run that comes to its end between two kills is followed by that of another file: each kill hits one at work.
  let killed = 0;
  for (let round = 0; killed < KILLS; round++) {
    const out = join(folder, `searched-${round}.csv`);
    const args = [...argsFor(out), '--page-size', '10'];
    const { kills } = await runUnderKills({ ...plan, kills: KILLS - killed, args });
    expect(kills).toBeGreaterThan(0);
    killed += kills;
    expect((await readCsv(out)).map(({ Id, Username }) => ({ Id, Username }))).toEqual(directory);
    expect(await runCli(['verify', `${out}.receipt`])).toMatchObject({ code: 0 });
  }
  expect(killed).toBe(KILLS);
});

/** A command that reads some details of as many users as it takes for the kills to come before the end. */
async function crashBed(fields: string, usersPerKill: number) {
  const sandbox = await sandboxFor({ users: usersPerKill * KILLS, latencyMs: 10, seed: SEED });
  sandbox.inject({ kind: 'reset' }, { probability: 0.03 });
  sandbox.inject({ kind: 'throttle' }, { probability: 0.03 });
  const folder = await newFolder();
  const out = join(folder, 'users.csv');
  const argsFor = (path: string) => [
    ...['users', ...at(sandbox), '--fields', fields],
    ...['--out', path, '--receipt', `${path}.receipt`],
  ];
  const random = createRandom(SEED);
  const moment = afterRequests(() => sandbox.stats().requests, { most: 8, random });
  return { sandbox, folder, out, args: argsFor(out), argsFor, random, kills: KILLS, moment };
}
