import { expect, it } from 'vitest';
import { planBackup } from '../../lib/connect/index.js';

it('planBackup assumes default quotas for what is not counted, and the slowest quota decides the time', () => {
  const { requests, durationMs, summary } = planBackup({ users: 10_000 }, { perUser: true });
  expect(requests).toMatchObject({
    // One of them checks whether the instance is there.
    ListUsers: 11,
    SearchUsers: 20,
    ListUserProficiencies: 10_000,
    ListRoutingProfileQueues: 500,
    ListContactFlowVersions: 100,
    ListInstanceStorageConfigs: 13,
    ListBots: 2,
  });
  expect(durationMs).toBe(5_000_000);
  expect(summary).toMatch(/^1\d,\d{3} requests, 83 min$/);
  expect(planBackup({ users: 10_000 }, { perUser: true, share: 0.5 }).durationMs).toBe(10_000_000);
});

it('a backup that reads four lists side by side takes a quarter of the time of all requests', () => {
  const { totalRequests, durationMs } = planBackup({ users: 100 }, { ratePerSecond: 1 });
  expect(durationMs).toBe(Math.max((totalRequests * 1000) / 4, 500_000));
});

it('planBackup refuses unknown resources and options, and counts that are not whole numbers', () => {
  expect(() => planBackup({ queus: 5 })).toThrow('(did you mean queues?)');
  for (const wrong of [
    [{ agents: 5 }],
    [{ users: -1 }],
    [{ users: 1.5 }],
    [undefined],
    [{}, { pageSize: 5 }],
    [{}, { perUser: 1 }],
    [{}, { share: 2 }],
  ])
    expect(() => Reflect.apply(planBackup, undefined, wrong)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
    );
});
