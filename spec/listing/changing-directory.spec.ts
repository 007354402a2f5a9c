import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cursor } from '../../lib/core/cursor.js';
import type { FetchPage } from '../../lib/core/page.js';
import { createListing } from '../../lib/listing/create-listing.js';

interface Entry {
  readonly place: number;
  name: string;
}

/** A directory paged by place; within a page people come by name, so that a rename moves them about. */
class Directory {
  readonly entries = new Map<string, Entry>();
  /** Everyone who was there from the beginning and never left. */
  readonly faithful = new Set<string>();

  constructor(count: number) {
    for (let i = 0; i < count; i++) {
      this.entries.set(`p${i}`, { place: i, name: `n${i}` });
      this.faithful.add(`p${i}`);
    }
  }

  readonly fetchPage =
    (pageSize: number): FetchPage<{ id: string }> =>
    async (token) => {
      const after = token === undefined ? Number.NEGATIVE_INFINITY : Number(token);
      const rest = [...this.entries]
        .filter(([, { place }]) => place > after)
        .sort(([, a], [, b]) => a.place - b.place);
      const page = rest.slice(0, pageSize);
      const last = page.at(-1)?.[1].place;
      return {
        items: page.sort(([, a], [, b]) => (a.name < b.name ? -1 : 1)).map(([id]) => ({ id })),
        next: rest.length > pageSize ? String(last) : undefined,
      };
    };

  change({ kind, at, name }: Change): void {
    const id = [...this.entries.keys()][at % this.entries.size];
    if (kind === 'insert')
      this.entries.set(`new-${name}-${at}`, { place: at + (this.entries.size % 89) / 100, name });
    else if (id === undefined) return;
    else if (kind === 'rename') (this.entries.get(id) as Entry).name = name;
    else {
      this.entries.delete(id);
      this.faithful.delete(id);
    }
  }
}

interface Change {
  readonly kind: 'insert' | 'remove' | 'rename';
  readonly at: number;
  readonly name: string;
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('insert', 'remove', 'rename'),
  at: fc.nat(40),
  name: fc.string({ minLength: 1, maxLength: 3 }),
});

describe('a directory that changes', () => {
  it('no user who stays in the directory is lost, however it changes during and between runs', async () => {
    const plan = fc.record({
      people: fc.nat(30),
      pageSize: fc.integer({ min: 1, max: 8 }),
      runs: fc.array(
        fc.record({
          items: fc.nat(12),
          meanwhile: fc.array(change, { maxLength: 2 }),
          after: fc.array(change, { maxLength: 3 }),
        }),
        { maxLength: 6 },
      ),
    });
    await fc.assert(
      fc.asyncProperty(plan, async ({ people, pageSize, runs }) => {
        const directory = new Directory(people);
        const listing = createListing({
          fetchPage: directory.fetchPage(pageSize),
          query: { operation: 'ListPeople', input: {} },
        });
        const handled = new Set<string>();
        let from: Cursor | undefined;
        for (const { items, meanwhile, after } of [...runs, { items: Infinity, meanwhile: [], after: [] }]) {
          const walk = listing.open({ from });
          let left = items;
          for await (const { id } of walk) {
            if (left-- <= 0) break;
            handled.add(id);
            if (left === 1) for (const one of meanwhile) directory.change(one);
          }
          if (walk.end?.reason === 'exhausted') break;
          from = Cursor.parse(JSON.stringify(walk.cursor));
          for (const one of after) directory.change(one);
        }
        expect([...directory.faithful].filter((id) => !handled.has(id))).toEqual([]);
      }),
      { numRuns: 1_500 },
    );
  });
});
