import { describe, expect, it } from 'vitest';
import { fromPages } from '../../lib/from-pages.js';
import { checkPager, checksFor } from '../../lib/testing/check-pager.js';
import { scriptedPages } from '../../lib/testing/scripted-pages.js';

const refused = (text: string) =>
  expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT', message: expect.stringContaining(text) });
const pager = { name: 'a pager', supports: [], list: () => ({ open: () => [] }) };

describe('a script that is not valid', () => {
  it.each<[unknown, string]>([
    [undefined, 'options must be an object'],
    [{}, 'items must be an array'],
    [{ items: 'abc' }, 'items must be an array'],
    [{ items: [], pagesize: 3 }, 'unknown option "pagesize"'],
    [{ items: [], lastToken: 'end' }, 'lastToken must be'],
    [{ items: [], emptyLastPage: 'yes' }, 'emptyLastPage must be'],
    [{ items: [], clock: {} }, 'clock must be'],
    [{ items: [], faults: 3 }, 'faults must be'],
    [{ items: [], faults: [{ kind: 'reset' }] }, 'a request number of faults must be a whole number from 1'],
    [{ items: [], faults: { first: { kind: 'reset' } } }, 'a request number of faults'],
    [{ items: [], faults: { 1: 'reset' } }, 'faults[1].kind must be'],
    [{ items: [], faults: { 1: { kind: 'throtle' } } }, 'faults[1].kind must be'],
    [{ items: [], faults: { 1: { kind: 'toString' } } }, 'faults[1].kind must be'],
    [{ items: [], faults: { 1: { kind: 'reset', after: 1 } } }, 'unknown option "after" in faults[1]'],
    [{ items: [], faults: { 1: { kind: 'latency' } } }, 'faults[1].latencyMs must be'],
    [{ items: [], faults: { 1: { kind: 'latency', latencyMs: '5' } } }, 'faults[1].latencyMs must be'],
    [
      { items: [], faults: { 1: { kind: 'throttle', retryAfterSeconds: -1 } } },
      'faults[1].retryAfterSeconds',
    ],
    [{ items: [], faults: { 1: { kind: 'repeated-token', distance: 0 } } }, 'faults[1].distance must be'],
    [{ items: [], faults: { 1: { kind: 'change' } } }, 'faults[1].change must be'],
    [{ items: [], faults: { 1: { kind: 'hang', ignoresSignal: 1 } } }, 'faults[1].ignoresSignal must be'],
  ])('a script that cannot be followed is refused by name: %j', (options, text) => {
    const create: (options: unknown) => unknown = scriptedPages as never;
    expect(() => create(options)).toThrow(refused(text));
  });
});

describe('a value that is not a pager', () => {
  it.each<[unknown, string]>([
    [undefined, 'pager must be'],
    [null, 'pager must be'],
    ['a pager', 'pager must be'],
    [{}, 'pager must be'],
    [{ ...pager, list: undefined }, 'pager must be'],
    [{ ...pager, supports: undefined }, 'supports must be an array'],
    [{ ...pager, supports: 'abort' }, 'supports must be an array'],
    [{ ...pager, supports: ['abort', 'resumes'] }, 'a feature of supports must be'],
  ])('a pager that is none is refused by checksFor and checkPager: %j', async (value, text) => {
    const checks: (pager: unknown) => unknown = checksFor as never;
    const check: (pager: unknown) => Promise<unknown> = checkPager as never;
    expect(() => checks(value)).toThrow(refused(text));
    await expect(check(value)).rejects.toEqual(refused(text));
  });

  it.each([{ check: [] }, { checks: 'all' }, { checks: [1] }, 7])(
    'options of checkPager that are none are refused: %j',
    async (options) => {
      const check: (pager: unknown, options: unknown) => Promise<unknown> = checkPager as never;
      await expect(check(pager, options)).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
    },
  );
});

it.each([7, {}, null, { now: () => 0 }])('a clock of a listing that is none is refused: %j', (clock) => {
  const create: (fetch: unknown, options: unknown) => unknown = fromPages as never;
  expect(() => create(async () => ({ items: [], next: undefined }), { clock })).toThrow(
    expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
  );
});
