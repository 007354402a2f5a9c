import { defineCheck } from '../conformance-check.js';
import { ConformanceError } from '../conformance-error.js';
import { expectItems } from '../expect-items.js';
import type { Item } from '../pager.js';
import type { ScriptedDirectory } from '../scripted-directory.js';

export const itemChecks = [
  defineCheck({
    name: 'every item once, in order',
    guarantee: 'A listing of several pages delivers every item once, in the order of the service.',
    async body(run) {
      const { ids, open } = await run.createScenario();
      expectItems(run.pager, await open().rest(), ids);
    },
  }),

  defineCheck({
    name: 'an empty listing',
    guarantee: 'An empty listing ends after one request.',
    async body(run) {
      const { ids, open, service } = await run.createScenario({ count: 0 });
      expectItems(run.pager, await open().rest(), ids);
      if (service.requests.length > 1) {
        throw new ConformanceError(
          'wastes',
          `it sent ${service.requests.length} requests for an empty listing`,
        );
      }
    },
  }),

  defineCheck({
    name: '12,000 pages',
    guarantee: 'A listing is delivered to its end however many pages it has.',
    async body(run) {
      const { ids, open } = await run.createScenario({ count: 12_000, pageSize: 1, maxRequests: 12_000 });
      expectItems(run.pager, await open().rest(), ids);
    },
  }),

  defineCheck({
    name: 'overlapping calls to next()',
    guarantee: 'Calls to next() that do not wait for each other get one item each.',
    async body(run) {
      const { ids, open } = await run.createScenario();
      const walk = open();
      const calls = Array.from({ length: 12 }, () => walk.nextUnguarded());
      const answers = await run.timeouts.wait(Promise.all(calls), 'the answers to overlapping calls');
      const first = answers.flatMap(({ done, value }) => (done ? [] : [value.id]));
      expectItems(run.pager, [...first, ...(await walk.rest())], ids);
    },
  }),

  defineCheck({
    name: 'a directory that changes between pages',
    guarantee: 'Items that stay are delivered once, whatever is added, removed or renamed in the meantime.',
    async body(run) {
      const removed = ['item-04', 'item-06', 'item-20'];
      const { ids, open } = await run.createScenario({
        faults: {
          2: {
            kind: 'change',
            change: (directory) => {
              for (const id of ['item-04', 'item-06']) directory.remove(positionOf(directory, id));
              directory.insert(0, { id: 'guest-1', name: 'Guest 1' });
              directory.replace(positionOf(directory, 'item-15'), { id: 'item-15', name: 'Renamed' });
            },
          },
          3: {
            kind: 'change',
            change: (directory) => {
              directory.remove(positionOf(directory, 'item-20'));
              directory.insert(positionOf(directory, 'item-25'), { id: 'guest-2', name: 'Guest 2' });
            },
          },
        },
      });
      const stays = (id: string) => !id.startsWith('guest') && !removed.includes(id);
      const delivered = await open().rest();
      expectItems(run.pager, delivered.filter(stays), ids.filter(stays));
    },
  }),
];

function positionOf(directory: ScriptedDirectory<Item>, id: string): number {
  return directory.items.findIndex((item) => item.id === id);
}
