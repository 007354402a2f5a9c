import { beforeAll, describe, expect, it } from 'vitest';
import { checkPager, checksFor, conformanceChecks, type Pager } from '../../lib/testing/index.js';
import { loop } from './broken/broken-pager.js';
import { isLong } from './describe-pager.js';
import { pageturnPager } from './pageturn-pager.js';
import { turnClock } from './turn-clock.js';

const plainLoop: Pager = {
  name: 'a plain loop',
  supports: [],
  list: (fetchPage) => ({ open: () => loop(fetchPage) }),
};

describe('the report on a pager', () => {
  let results: Awaited<ReturnType<typeof checkPager>>;
  beforeAll(async () => {
    results = await checkPager(plainLoop, { clock: turnClock });
  });

  it('the report has a result for every check, with the violation if the check failed', () => {
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

  it('checks that require an unsupported feature are reported as not supported', () => {
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
    const failed = await checkPager(adapter, { checks });
    expect(failed.map(({ verdict, error }) => [verdict, String(error)])).toEqual([
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
    const checks = conformanceChecks.filter((check) => !isLong(check));
    await checkPager(adapter, { checks, clock: turnClock });
    expect(open).toBe(0);
  });
});

it('checksFor returns the checks whose required features the pager supports', () => {
  const pager = pageturnPager('pageturn');
  expect(checksFor(pager)).toEqual(
    conformanceChecks.filter(({ requires }) => !requires.includes('input') && !requires.includes('source')),
  );
});
