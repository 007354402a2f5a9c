import { describe, expect, it } from 'vitest';
import { checkPager, checksFor, conformanceChecks, type Pager } from '../../lib/testing/index.js';
import { loop } from './broken/broken-pager.js';
import { pageturnPager } from './pageturn-pager.js';
import { turnClock } from './turn-clock.js';

const plainLoop: Pager = {
  name: 'a plain loop',
  supports: [],
  list: (fetchPage) => ({ open: () => loop(fetchPage) }),
};

describe('the report on a pager', () => {
  it('the report has a result for every check, with the violation if the check failed', async () => {
    const results = await checkPager(plainLoop, { clock: turnClock });
    expect(results.map(({ check }) => check)).toEqual(conformanceChecks);
    const broken = results.filter(({ error }) => error).map(({ check, verdict }) => [check.name, verdict]);
    expect(broken).toEqual([
      ['an empty answer', 'loses'],
      ['a token that repeats (A, A)', 'loops'],
      ['two alternating tokens (A, B, A)', 'loops'],
      ['a cycle of five tokens', 'loops'],
      ['next() after an error', 'loses'],
      ['a break while a request hangs', 'hangs'],
    ]);
  });

  it('checks that require an unsupported feature are reported as not supported', async () => {
    const results = await checkPager(plainLoop, { clock: turnClock });
    const notSupported = results.filter(({ verdict }) => verdict === 'not supported');
    expect(notSupported.map(({ check }) => check)).toEqual(
      conformanceChecks.filter(({ requires }) => requires.length > 0),
    );
  });

  it('an adapter that throws is reported as failing, and the other checks still run', async () => {
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

  it('the adapter is closed after each check, whether it passed or failed', async () => {
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

it('checksFor returns the checks whose required features the pager supports', () => {
  const pager = pageturnPager('pageturn');
  expect(checksFor(pager)).toEqual(
    conformanceChecks.filter(({ requires }) => !requires.includes('input') && !requires.includes('source')),
  );
});
