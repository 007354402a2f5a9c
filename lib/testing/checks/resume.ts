import type { CheckRun, Scenario } from '../check-run.js';
import { defineCheck } from '../conformance-check.js';
import { ConformanceError } from '../conformance-error.js';
import { expectNoDuplicates, expectNoneMissing } from '../expect-items.js';
import type { Item } from '../pager.js';
import type { ScriptedDirectory } from '../scripted-directory.js';
import type { WatchedWalk } from '../watched-walk.js';

export const resumeChecks = [
  defineCheck({
    name: 'a crash at every item',
    guarantee:
      'A run that dies anywhere resumes from its cursor: every item comes, at most one page of them twice.',
    requires: ['resume'],
    body: (run) => crashEverywhere(run),
  }),

  defineCheck({
    name: 'a crash and a different page size',
    guarantee: 'A run can resume with another page size.',
    requires: ['resume'],
    async body(run) {
      for (const pageSize of [7, 13]) await crashEverywhere(run, { pageSize });
    },
  }),

  defineCheck({
    name: 'a crash and a changed directory',
    guarantee: 'Items that stay are not lost between two runs, whatever is added, removed or renamed.',
    requires: ['resume'],
    async body(run) {
      for (const change of CHANGES) await crashEverywhere(run, { change });
    },
  }),

  defineCheck({
    name: 'the cursor after a break',
    guarantee: 'A walk that stopped at a break resumes from its cursor.',
    requires: ['resume'],
    body: (run) => crashEverywhere(run, { end: (walk) => walk.stop() }),
  }),

  defineCheck({
    name: 'the cursor after an error',
    guarantee: 'A failed walk resumes from its cursor once the service has recovered.',
    requires: ['resume'],
    async body(run) {
      for (const violation of [1, 2, 3]) {
        const scenario = await run.createScenario({ faults: { [violation]: { kind: 'error' } } });
        const walk = scenario.open();
        const { ids: before } = await walk.untilError();
        await expectRest(scenario, before, walk);
      }
    },
  }),

  defineCheck({
    name: 'the cursor after an abort',
    guarantee: 'An aborted walk resumes from its cursor.',
    requires: ['resume', 'abort'],
    async body(run) {
      for (const count of [0, 3, 10, 17]) {
        const scenario = await run.createScenario();
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

/** Changes between two runs, near the position where the first one stopped. */
const CHANGES: readonly Change[] = [
  (directory, taken) => directory.remove(Math.max(0, taken - 1)),
  (directory) => directory.remove(0),
  (directory, taken) => {
    const first = taken - (taken % 10);
    for (let removed = 0; removed < 10 && first < directory.items.length; removed++) directory.remove(first);
  },
  (directory, taken) => directory.insert(Math.max(0, taken - 1), { id: 'guest-1', name: 'Guest 1' }),
  (directory, taken) => {
    const at = Math.max(0, taken - 1);
    const id = directory.items[at]?.id ?? '';
    directory.replace(at, { id, name: 'Renamed' });
  },
];

interface CrashOptions {
  /** How the first run ends. Default: abruptly, like a killed process. */
  readonly end?: (walk: WatchedWalk) => Promise<void>;
  /** A change between the runs. */
  readonly change?: Change;
  /** The page size of the second run. */
  readonly pageSize?: number;
}

async function crashEverywhere(run: CheckRun, { end, change, pageSize }: CrashOptions = {}): Promise<void> {
  const count = 25;
  for (let taken = 0; taken <= count; taken++) {
    const scenario = await run.createScenario({ count });
    const walk = scenario.open();
    const before = await walk.take(taken);
    await end?.(walk);
    const { cursor } = walk;
    change?.(scenario.service.directory, taken);
    await expectRest(scenario, before, { cursor }, pageSize);
  }
}

/** Resumes in another listing and expects both runs together to deliver every item that stays. */
async function expectRest(
  { ids, service, reopen }: Scenario,
  before: readonly string[],
  { cursor }: { readonly cursor: unknown },
  pageSize?: number,
): Promise<void> {
  const listed = new Set(service.directory.items.map(({ id }) => id));
  const staying = ids.filter((id) => listed.has(id));
  const walk = await reopen(cursor === undefined ? {} : { from: cursor }, pageSize);
  const after = await walk.rest();
  expectNoneMissing([...before, ...after], staying);
  expectNoDuplicates(after);
  const again = after.filter((id) => before.includes(id)).length;
  // The current page may come again, but not the whole listing.
  if (again > 10) throw new ConformanceError('repeats', `${again} of ${before.length} items came again`);
}
