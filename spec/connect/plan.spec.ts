import { describe, expect, it } from 'vitest';
import { plan } from '../../lib/connect/index.js';

describe('plan', () => {
  it('44,000 users with routing profiles take 88 SearchUsers and 44 s', () => {
    const { via, requests, durationMs, summary } = plan(['Username', 'RoutingProfileId'], 44_000);
    expect(via).toBe('search');
    expect(requests).toEqual({ SearchUsers: 88 });
    expect(durationMs).toBe(44_000);
    expect(summary).toBe('88 SearchUsers, 44 s');
  });

  it('44,000 users with e-mail take 44 ListUsers and 44,000 DescribeUser, 73 min at 10/s or 6 h at 2/s', () => {
    const { via, requests, summary, totalRequests, fastestMs, durationMs } = plan(['Email'], 44_000);
    expect(via).toBe('describe');
    expect(requests).toEqual({ ListUsers: 44, DescribeUser: 44_000 });
    expect(totalRequests).toBe(44_044);
    expect([fastestMs, durationMs]).toEqual([4_400_000, 22_000_000]);
    expect(summary).toBe('44 ListUsers and 44,000 DescribeUser, 73 min at 10/s, 6 h at 2/s');
  });

  it('every way that has the fields is in the plan, the cheapest first', () => {
    const { ways } = plan(['Username', 'RoutingProfileId'], 5_000);
    expect(ways.map(({ summary }) => summary)).toEqual([
      '10 SearchUsers, 5 s',
      '5 ListUsers and 5,000 DescribeUser, 8 min at 10/s, 42 min at 2/s',
    ]);
  });

  it('what ListUsers has itself takes no other operation', () => {
    const { via, requests } = plan(['Username', 'LastModifiedTime'], 44_000);
    expect([via, requests]).toEqual(['list', { ListUsers: 44 }]);
  });

  it.each(['Mobile', 'SecondaryEmail', 'Email'] as const)('only DescribeUser has %s', (field) => {
    expect(plan([field], 1).ways.map(({ via }) => via)).toEqual(['describe']);
  });

  it('a time of modification together with a routing profile takes DescribeUser', () => {
    expect(plan(['LastModifiedTime', 'RoutingProfileId'], 1).via).toBe('describe');
  });

  it('names take one listing each, and all details of 44,000 users with all names take 95 requests', () => {
    const { requests } = plan(['RoutingProfileName', 'SecurityProfileNames', 'HierarchyGroupName'], 500);
    expect(requests).toEqual({
      SearchUsers: 1,
      ListRoutingProfiles: 1,
      ListSecurityProfiles: 1,
      ListUserHierarchyGroups: 1,
    });
    const all = [
      'RoutingProfileName',
      'SecurityProfileNames',
      'HierarchyGroupName',
      'HierarchyPath',
    ] as const;
    expect(plan(all, 44_000).totalRequests).toBe(95);
  });

  it('the rate of an account replaces the documented ones', () => {
    expect(plan(['Email'], 44_000, { ratePerSecond: 100 }).summary).toBe(
      '44 ListUsers and 44,000 DescribeUser, 7 min',
    );
  });

  it('half of the quota takes twice the time', () => {
    expect(plan(['Email'], 44_000, { share: 0.5 }).summary).toBe(
      '44 ListUsers and 44,000 DescribeUser, 2 h at 5/s, 12 h at 1/s',
    );
  });

  it('smaller pages take more requests, larger ones than the operation has do not take fewer', () => {
    expect(plan(['FirstName'], 5_000, { pageSize: 100 }).requests).toEqual({ SearchUsers: 50 });
    expect(plan(['FirstName'], 5_000, { pageSize: 1_000 }).requests).toEqual({ SearchUsers: 10 });
  });

  it.each([
    [0, '1 SearchUsers, 1 s'],
    [500, '1 SearchUsers, 1 s'],
    [501, '2 SearchUsers, 1 s'],
  ])('%i users are planned as %s', (count, summary) => {
    expect(plan(['FirstName'], count).summary).toBe(summary);
  });

  it.each([
    ['an unknown field', [['RoutingProfile'], 1], 'did you mean RoutingProfileId?'],
    ['a field in other letters', [['email'], 1], 'did you mean Email?'],
    ['no fields', [[], 1], 'fields must be a list of at least one field'],
    ['a text for fields', ['Email', 1], 'fields must be a list'],
    ['a member of every object', [['constructor'], 1], 'users have no field "constructor"'],
    ['missing fields', [], 'must be'],
    ['a broken count', [['Email'], 1.5], 'count must be a whole number from 0'],
    ['a count below 0', [['Email'], -1], 'count must be a whole number from 0'],
    ['a rate of 0', [['Email'], 1, { ratePerSecond: 0 }], 'ratePerSecond must be a number above 0'],
    ['a share of 0', [['Email'], 1, { share: 0 }], 'share must be a number above 0 and at most 1'],
    ['a page size of 0', [['Email'], 1, { pageSize: 0 }], 'pageSize must be'],
    ['an unknown option', [['Email'], 1, { rate: 2 }], 'unknown option "rate"'],
  ])('plan refuses %s', (_what, args, message) => {
    expect(() => Reflect.apply(plan, undefined, args)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT', message: expect.stringContaining(message) }),
    );
  });
});
