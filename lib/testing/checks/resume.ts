import { defineCheck } from '../conformance-check.js';
import { ConformanceError } from '../conformance-error.js';
import { expectNobodyMissing, expectNobodyTwice } from '../expect-items.js';
import type { Item } from '../pager.js';
import type { ScriptedDirectory } from '../scripted-directory.js';
import type { Scenario, Trial } from '../trial.js';
import type { WatchedWalk } from '../watched-walk.js';

export const resumeChecks = [
  defineCheck({
    name: 'a crash at every item',
    promise: 'A run that dies anywhere is gone on with from its cursor: every item comes, few of them twice.',
    needs: ['resume'],
    body: (trial) => crashEverywhere(trial),
  }),

  defineCheck({
    name: 'a crash, and another page size',
    promise: 'A run may be gone on with in pages of another size.',
    needs: ['resume'],
    async body(trial) {
      for (const pageSize of [7, 13]) await crashEverywhere(trial, { pageSize });
    },
  }),

  defineCheck({
    name: 'a crash, and a directory that has changed',
    promise:
      'Who is in the directory throughout is not lost between two runs, whoever came, went or was renamed.',
    needs: ['resume'],
    async body(trial) {
      for (const change of CHANGES) await crashEverywhere(trial, { change });
    },
  }),

  defineCheck({
    name: 'the cursor after a break',
    promise: 'A walk that was left is gone on with from its cursor.',
    needs: ['resume'],
    body: (trial) => crashEverywhere(trial, { end: (walk) => walk.leave() }),
  }),

  defineCheck({
    name: 'the cursor after an error',
    promise: 'A walk that failed is gone on with from its cursor, once the service has recovered.',
    needs: ['resume'],
    async body(trial) {
      for (const failing of [1, 2, 3]) {
        const scenario = await trial.begin({ faults: { [failing]: { kind: 'error' } } });
        const walk = scenario.open();
        const { ids: before } = await walk.untilError();
        await expectRest(scenario, before, walk);
      }
    },
  }),

  defineCheck({
    name: 'the cursor after an abort',
    promise: 'A walk that was aborted is gone on with from its cursor.',
    needs: ['resume', 'abort'],
    async body(trial) {
      for (const count of [0, 3, 10, 17]) {
        const scenario = await trial.begin();
        const abort = new AbortController();
        const walk = scenario.open({ signal: abort.signal });
        const before = await walk.take(count);
        abort.abort(new Error('enough'));
        const { ids: late } = await walk.untilError();
        await expectRest(scenario, [...before, ...late], walk);
      }
    },
  }),
];

type Change = (directory: ScriptedDirectory<Item>, taken: number) => void;

/** What may happen between two runs, around the place where the first one stopped. */
const CHANGES: readonly Change[] = [
  (directory, taken) => directory.remove(Math.max(0, taken - 1)),
  (directory) => directory.remove(0),
  (directory, taken) => {
    const first = taken - (taken % 10);
    for (let gone = 0; gone < 10 && first < directory.items.length; gone++) directory.remove(first);
  },
  (directory, taken) => directory.insert(Math.max(0, taken - 1), { id: 'guest-1', name: 'Guest 1' }),
  (directory, taken) => {
    const at = Math.max(0, taken - 1);
    const id = directory.items[at]?.id ?? '';
    directory.replace(at, { id, name: 'Renamed' });
  },
];

interface CrashOptions {
  /** How the first run ends. Default: without a word, as a process that is killed. */
  readonly end?: (walk: WatchedWalk) => Promise<void>;
  /** What happens between the runs. */
  readonly change?: Change;
  /** The page size of the second run. */
  readonly pageSize?: number;
}

async function crashEverywhere(trial: Trial, { end, change, pageSize }: CrashOptions = {}): Promise<void> {
  const count = 25;
  for (let taken = 0; taken <= count; taken++) {
    const scenario = await trial.begin({ count });
    const walk = scenario.open();
    const before = await walk.take(taken);
    await end?.(walk);
    const { cursor } = walk;
    change?.(scenario.service.directory, taken);
    await expectRest(scenario, before, { cursor }, pageSize);
  }
}

/** Goes on in another listing; what comes there, and what came before, must be everybody who is there throughout. */
async function expectRest(
  { ids, service, reopen }: Scenario,
  before: readonly string[],
  { cursor }: { readonly cursor: unknown },
  pageSize?: number,
): Promise<void> {
  const listed = new Set(service.directory.items.map(({ id }) => id));
  const throughout = ids.filter((id) => listed.has(id));
  const walk = await reopen(cursor === undefined ? {} : { from: cursor }, pageSize);
  const after = await walk.rest();
  expectNobodyMissing([...before, ...after], throughout);
  expectNobodyTwice(after);
  const again = after.filter((id) => before.includes(id)).length;
  // The page in hand may come again, not the whole listing.
  if (again > 10) throw new ConformanceError('repeats', `${again} of ${before.length} items came again`);
}
