import { describe, expect, it } from 'vitest';
import { checkPager, checksFor, conformanceChecks, type Pager } from '../../lib/testing/index.js';
import { loop } from './broken/broken-pager.js';
import { pageturnPager } from './pageturn-pager.js';
import { turnClock } from './turn-clock.js';

const plainLoop: Pager = {
  name: 'a plain loop',
  offers: [],
  list: (fetchPage) => ({ open: () => loop(fetchPage) }),
};

describe('the report on a pager', () => {
  it('has a row for every check, with what the pager did instead where it broke a promise', async () => {
    const results = await checkPager(plainLoop, { clock: turnClock });
    expect(results.map(({ check }) => check)).toEqual(conformanceChecks);
    const broken = results.filter(({ error }) => error).map(({ check, verdict }) => [check.name, verdict]);
    expect(broken).toEqual([
      ['a token that repeats itself (A, A)', 'loops'],
      ['two tokens that take turns (A, B, A)', 'loops'],
      ['a cycle of five tokens', 'loops'],
      ['next() after an error', 'loses'],
      ['a break while a request hangs', 'hangs'],
    ]);
  });

  it('says of what a pager does not offer that it is not offered', async () => {
    const results = await checkPager(plainLoop, { clock: turnClock });
    const notOffered = results.filter(({ verdict }) => verdict === 'not offered');
    expect(notOffered.map(({ check }) => check)).toEqual(
      conformanceChecks.filter(({ needs }) => needs.length > 0),
    );
  });

  it('calls an adapter that throws a failure, and goes on', async () => {
    const checks = conformanceChecks.slice(0, 2);
    const adapter: Pager = {
      ...plainLoop,
      list() {
        throw new TypeError('not written yet');
      },
    };
    const results = await checkPager(adapter, { checks });
    expect(results.map(({ verdict, error }) => [verdict, String(error)])).toEqual([
      ['fails', 'TypeError: not written yet'],
      ['fails', 'TypeError: not written yet'],
    ]);
  });

  it('lets go of the adapter after each check, kept or not', async () => {
    let open = 0;
    const adapter: Pager = {
      ...plainLoop,
      list(fetchPage) {
        open++;
        return {
          open: () => loop(fetchPage),
          close: async () => {
            open--;
          },
        };
      },
    };
    await checkPager(adapter, { clock: turnClock });
    expect(open).toBe(0);
  });
});

it('the checks for a pager are those it can be held to', () => {
  const pager = pageturnPager('pageturn');
  expect(checksFor(pager)).toEqual(
    conformanceChecks.filter(({ needs }) => !needs.includes('input') && !needs.includes('source')),
  );
});
