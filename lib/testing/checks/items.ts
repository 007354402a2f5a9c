import { defineCheck } from '../conformance-check.js';
import { ConformanceError } from '../conformance-error.js';
import { expectItems } from '../expect-items.js';
import type { Item } from '../pager.js';
import type { ScriptedDirectory } from '../scripted-directory.js';

export const itemChecks = [
  defineCheck({
    name: 'every item once, in order',
    promise: 'A listing of several pages gives every item once, in the order of the service.',
    async body(trial) {
      const { ids, open } = await trial.begin();
      expectItems(trial.pager, await open().rest(), ids);
    },
  }),

  defineCheck({
    name: 'an empty listing',
    promise: 'A listing of nothing ends at once, after one request.',
    async body(trial) {
      const { ids, open, service } = await trial.begin({ count: 0 });
      expectItems(trial.pager, await open().rest(), ids);
      if (service.requests.length > 1) {
        throw new ConformanceError('wastes', `it sent ${service.requests.length} requests for nothing`);
      }
    },
  }),

  defineCheck({
    name: '12,000 pages',
    promise: 'A long listing is given to its end, however many pages it has.',
    async body(trial) {
      const { ids, open } = await trial.begin({ count: 12_000, pageSize: 1, maxRequests: 12_000 });
      expectItems(trial.pager, await open().rest(), ids);
    },
  }),

  defineCheck({
    name: 'overlapping calls of next()',
    promise: 'Calls of next() that do not wait for one another get an item each.',
    async body(trial) {
      const { ids, open } = await trial.begin();
      const walk = open();
      const calls = Array.from({ length: 12 }, () => walk.ask());
      const answers = await trial.patience.wait(Promise.all(calls), 'the answers to overlapping calls');
      const first = answers.flatMap(({ done, value }) => (done ? [] : [value.id]));
      expectItems(trial.pager, [...first, ...(await walk.rest())], ids);
    },
  }),

  defineCheck({
    name: 'a directory that changes between pages',
    promise: 'Items that are there throughout are given once, whoever comes, goes or is renamed meanwhile.',
    async body(trial) {
      const gone = ['item-04', 'item-06', 'item-20'];
      const { ids, open } = await trial.begin({
        faults: {
          2: {
            kind: 'change',
            change: (directory) => {
              for (const id of ['item-04', 'item-06']) directory.remove(placeOf(directory, id));
              directory.insert(0, { id: 'guest-1', name: 'Guest 1' });
              directory.replace(placeOf(directory, 'item-15'), { id: 'item-15', name: 'Renamed' });
            },
          },
          3: {
            kind: 'change',
            change: (directory) => {
              directory.remove(placeOf(directory, 'item-20'));
              directory.insert(placeOf(directory, 'item-25'), { id: 'guest-2', name: 'Guest 2' });
            },
          },
        },
      });
      const isThroughout = (id: string) => !id.startsWith('guest') && !gone.includes(id);
      const came = await open().rest();
      expectItems(trial.pager, came.filter(isThroughout), ids.filter(isThroughout));
    },
  }),
];

function placeOf(directory: ScriptedDirectory<Item>, id: string): number {
  return directory.items.findIndex((item) => item.id === id);
}
