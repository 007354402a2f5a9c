import { appendFile, copyFile, mkdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemClock } from '../../lib/core/clock.js';
import { createRandom } from '../../lib/sandbox/scramble.js';
import { at } from '../support/at.js';
import { ndjsonOf, newFolder, sandboxFor } from '../support/sandbox-for.js';
import { startCli } from './start-cli.js';

/** What other programs do to the spool of a run. */
const DISTURBANCES: readonly ((spool: string) => Promise<unknown>)[] = [
  (spool) => rm(spool),
  (spool) => rename(spool, `${spool}.1`),
  (spool) => truncate(spool, 0),
  async (spool) => truncate(spool, Math.floor((await readFile(spool)).length / 2)),
  (spool) => appendFile(spool, '{"Id":"foreign"}\n'),
  async (spool) => writeFile(spool, (await readFile(spool)).fill('x')),
  async (spool) => {
    await copyFile(spool, `${spool}.2`);
    await rename(`${spool}.2`, spool);
  },
  async (spool) => {
    await rm(spool);
    await mkdir(spool);
  },
];

const FAILURE = /^pageturn: .*users\.ndjson\.spool (was changed by another program|is missing)/;

/** Runs whose spool is removed, cut off or replaced at a random moment: none ends in 0 with a wrong file. */
export function describeDisturbedRuns({
  runs,
  seed,
}: {
  readonly runs: number;
  readonly seed: number;
}): void {
  it(`no run succeeds with a wrong file, in ${runs} runs with a disturbance each (seed ${seed})`, {
    timeout: 60_000 + runs * 15_000,
  }, async () => {
    const random = createRandom(seed);
    for (let run = 0; run < runs; run++) {
      const sandbox = await sandboxFor({ users: 400, latencyMs: 20 });
      const folder = await newFolder();
      const out = join(folder, 'users.ndjson');
      const { ended } = startCli(['users', ...at(sandbox), '--page-size', '20', '--out', out]);
      const moment = 1 + Math.floor(random() * 17);
      const which = Math.floor(random() * DISTURBANCES.length);
      let isOver = false;
      const end = ended.finally(() => {
        isOver = true;
      });
      while (!isOver && sandbox.stats().requests < moment) await systemClock.sleep(5);
      await DISTURBANCES[which]?.(`${out}.spool`).catch(() => {});
      // A run cannot know what happens after its last check of the file.
      const isInTime = sandbox.stats().requests < 20;
      const { code, stderr } = await end;
      const text = await readFile(out, 'utf8').catch(() => undefined);
      if (!isInTime) continue;
      if (code === 0) expect([run, which, text === ndjsonOf(sandbox)]).toEqual([run, which, true]);
      else expect([run, which, code, stderr]).toEqual([run, which, 1, expect.stringMatching(FAILURE)]);
    }
  });
}
