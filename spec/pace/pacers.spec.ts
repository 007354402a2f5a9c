import { describe, expect, it } from 'vitest';
import { createPacers } from '../../lib/pace/pacers.js';
import { manualClock } from '../support/manual-clock.js';

const refusal = (named: string) =>
  expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT', message: expect.stringContaining(named) });

describe('a registry of pacers', () => {
  it('has one pacer for every operation', () => {
    const pacers = createPacers();
    expect(pacers.get('ListUsers')).toBe(pacers.get('ListUsers'));
    expect(pacers.get('ListUsers')).not.toBe(pacers.get('DescribeUser'));
    expect(createPacers().get('ListUsers')).not.toBe(pacers.get('ListUsers'));
  });

  it('makes them from what is known of the operation, of all, and from the documented quota, in this order', () => {
    const pacers = createPacers({ ratePerSecond: 3, operations: { DescribeUser: { ratePerSecond: 10 } } });
    expect(pacers.get('ListUsers').ratePerSecond).toBe(3);
    expect(pacers.get('DescribeUser').ratePerSecond).toBe(10);
    expect(pacers.get('SearchUsers', { ratePerSecond: 1 }).ratePerSecond).toBe(1);
    expect(pacers.get('toString').ratePerSecond).toBe(3);
    expect(createPacers().get('ListUsers').ratePerSecond).toBe(2);
  });

  it('leaves to others what is beyond its share', () => {
    expect(createPacers({ share: 0.25 }).get('ListUsers').ratePerSecond).toBe(0.5);
  });

  it('times all of them on its clock', async () => {
    const clock = manualClock();
    const pacer = createPacers({ burst: 1, learn: false, clock }).get('ListUsers');
    await pacer.acquire();
    await clock.run(pacer.acquire());
    expect(clock.now()).toBe(550);
  });

  it('gives the pacer there is to who says the same of it, or nothing', () => {
    const pacers = createPacers();
    const pacer = pacers.get('ListUsers', { ratePerSecond: 4, share: 0.5 });
    expect(pacers.get('ListUsers')).toBe(pacer);
    expect(pacers.get('ListUsers', { share: 0.5 })).toBe(pacer);
    expect(pacers.get('ListUsers', { ratePerSecond: 4, burst: undefined, learn: false })).toBe(pacer);
  });

  it('makes another pacer where the options differ, and gives the first one where there are none', () => {
    const pacers = createPacers();
    const first = pacers.get('ListUsers', { ratePerSecond: 4 });
    expect(pacers.get('ListUsers', { ratePerSecond: 4, share: 0.5 })).not.toBe(first);
    expect(pacers.get('ListUsers', { ratePerSecond: 4 })).toBe(first);
    expect(pacers.get('ListUsers')).toBe(first);
  });

  it('refuses numbers that make no quota, before there is a pacer', () => {
    expect(() => createPacers({ ratePerSecond: 0 })).toThrow(refusal('ratePerSecond'));
    expect(() => createPacers({ operations: { DescribeUser: { share: 2 } } })).toThrow(refusal('share'));
    expect(() => createPacers().get('ListUsers', { burst: Number.NaN })).toThrow(refusal('burst'));
  });
});
