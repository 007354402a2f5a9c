import { describe, expect, it } from 'vitest';
import { adaptivePacer } from '../../lib/pace/adaptive-pacer.js';
import { createPacers } from '../../lib/pace/pacers.js';
import { manualClock } from '../support/manual-clock.js';

const refusal = (named: string) =>
  expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT', message: expect.stringContaining(named) });

describe('a registry of pacers', () => {
  it('a registry has one pacer per operation', () => {
    const pacers = createPacers();
    expect(pacers.get('ListUsers')).toBe(pacers.get('ListUsers'));
    expect(pacers.get('ListUsers')).not.toBe(pacers.get('DescribeUser'));
    expect(createPacers().get('ListUsers')).not.toBe(pacers.get('ListUsers'));
  });

  it('a registry uses the quota of the operation first, then the common one, then the documented one', () => {
    const pacers = createPacers({ ratePerSecond: 3, operations: { DescribeUser: { ratePerSecond: 10 } } });
    expect(pacers.get('ListUsers').ratePerSecond).toBe(3);
    expect(pacers.get('DescribeUser').ratePerSecond).toBe(10);
    expect(pacers.get('SearchUsers', { ratePerSecond: 1 }).ratePerSecond).toBe(1);
    expect(pacers.get('toString').ratePerSecond).toBe(3);
    expect(createPacers().get('ListUsers').ratePerSecond).toBe(2);
  });

  it('a registry applies a share to every pacer', () => {
    expect(createPacers({ share: 0.25 }).get('ListUsers').ratePerSecond).toBe(0.5);
  });

  it('a registry runs all pacers on its clock', async () => {
    const clock = manualClock();
    const pacer = createPacers({ burst: 1, learn: false, clock }).get('ListUsers');
    await pacer.acquire();
    await clock.run(pacer.acquire());
    expect(clock.now()).toBe(550);
  });

  it('a registry returns the existing pacer for the same options, or for none', () => {
    const pacers = createPacers();
    const pacer = pacers.get('ListUsers', { ratePerSecond: 4, share: 0.5 });
    expect(pacers.get('ListUsers')).toBe(pacer);
    expect(pacers.get('ListUsers', { share: 0.5 })).toBe(pacer);
    expect(pacers.get('ListUsers', { ratePerSecond: 4, burst: undefined, learn: false })).toBe(pacer);
  });

  it('a registry creates another pacer when the options differ, and returns the first one without options', () => {
    const pacers = createPacers();
    const first = pacers.get('ListUsers', { ratePerSecond: 4 });
    expect(pacers.get('ListUsers', { ratePerSecond: 4, share: 0.5 })).not.toBe(first);
    expect(pacers.get('ListUsers', { ratePerSecond: 4 })).toBe(first);
    expect(pacers.get('ListUsers')).toBe(first);
  });

  it('a registry rejects an invalid quota before it creates a pacer', () => {
    expect(() => createPacers({ ratePerSecond: 0 })).toThrow(refusal('ratePerSecond'));
    expect(() => createPacers({ operations: { DescribeUser: { share: 2 } } })).toThrow(refusal('share'));
    expect(() => createPacers().get('ListUsers', { burst: Number.NaN })).toThrow(refusal('burst'));
  });

  it.each<[where: string, call: () => unknown]>([
    ['adaptivePacer', () => adaptivePacer({ ratePerSec: 5 } as never)],
    ['createPacers', () => createPacers({ ratePerSec: 5 } as never)],
    ['the quota of an operation', () => createPacers({ operations: { A: { ratePerSec: 5 } } } as never)],
    ['the quota that is asked for', () => createPacers().get('A', { ratePerSec: 5 } as never)],
  ])('a misspelt option is refused by name in %s', (_where, call) => {
    expect(call).toThrow(refusal('unknown option "ratePerSec"'));
  });

  it('a registry refuses quotas of operations that are not an object', () => {
    expect(() => createPacers({ operations: 5 } as never)).toThrow(refusal('operations must be'));
    expect(() => createPacers({ operations: { A: 5 } } as never)).toThrow(refusal('the quota of A must be'));
  });
});
