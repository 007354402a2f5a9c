import { ConnectClient } from '@aws-sdk/client-connect';
import { IAMClient } from '@aws-sdk/client-iam';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { serviceQuotas } from '../../lib/connect/index.js';
import { createPacers } from '../../lib/index.js';
import { startAwsService } from '../support/aws-service.js';
import { leapingClock } from '../support/leaping-clock.js';

afterEach(() => void vi.unstubAllEnvs());

const rate = (operation: string, Value?: number, Period?: object) => ({
  ServiceCode: 'connect',
  QuotaName: `Rate of ${operation} API requests`,
  Value,
  Period,
});
const PAGES: Readonly<Record<string, object>> = {
  '': {
    Quotas: [
      rate('ListUsers', 10),
      { QuotaName: 'Users per instance', Value: 500 },
      rate('GetMetricDataV2', 200),
    ],
    NextToken: 'two',
  },
  two: {
    Quotas: [
      rate('ListIntegrationAssociations', 60),
      rate('SearchUsers', 90, { PeriodValue: 1, PeriodUnit: 'MINUTE' }),
      rate('ListQueues'),
      rate('ListPrompts', 0),
      rate('DescribeUser', 4, { PeriodValue: 1, PeriodUnit: 'SECOND' }),
    ],
  },
};

const service = () => startAwsService(({ json }) => PAGES[String(json['NextToken'] ?? '')] ?? {});

describe('serviceQuotas', () => {
  it("serviceQuotas reads the account's rates, and keeps the documented quotas where it has none", async () => {
    const { clientConfig, requests } = await service();
    const { quotas, own, denied } = await serviceQuotas(new ServiceQuotasClient(clientConfig));
    expect(requests.map(({ json }) => json)).toEqual([
      { ServiceCode: 'connect', MaxResults: 100 },
      { ServiceCode: 'connect', MaxResults: 100, NextToken: 'two' },
    ]);
    expect(denied).toBeUndefined();
    expect(own).toEqual([
      'Connect.ListUsers',
      'Connect.ListIntegrationAssociations',
      'Connect.SearchUsers',
      'Connect.DescribeUser',
    ]);
    expect(quotas).toMatchObject({ ratePerSecond: 2, burst: 5 });
    expect(quotas.operations).toMatchObject({
      'Connect.ListUsers': { ratePerSecond: 10, burst: 5 },
      'Connect.ListIntegrationAssociations': { ratePerSecond: 60, burst: 50 },
      'Connect.SearchUsers': { ratePerSecond: 1.5, burst: 5 },
      'Connect.DescribeUser': { ratePerSecond: 4, burst: 5 },
      'Connect.GetMetricDataV2': { ratePerSecond: 10, burst: 10 },
      'Connect.SearchContacts': { ratePerSecond: 0.5, burst: 1 },
    });
    const pacers = createPacers(quotas);
    expect(pacers.get('Connect.ListUsers').ratePerSecond).toBe(10);
    expect(pacers.get('Connect.ListQueues').ratePerSecond).toBe(2);
  });

  it('serviceQuotas takes Region and credentials from a ConnectClient, which stays open', async () => {
    const { clientConfig, requests } = await service();
    vi.stubEnv('AWS_ENDPOINT_URL_SERVICE_QUOTAS', clientConfig.endpoint);
    const client = new ConnectClient({ region: 'eu-west-2', credentials: clientConfig.credentials });
    const destroy = vi.spyOn(client, 'destroy');
    expect((await serviceQuotas(client)).own).toContain('Connect.ListUsers');
    expect(requests).toHaveLength(2);
    expect(destroy).not.toHaveBeenCalled();
  });

  it('the documented quotas apply if reading is denied', async () => {
    const { clientConfig } = await startAwsService(() => ({
      __type: 'AccessDeniedException',
      Message: 'no',
    }));
    const { quotas, own, denied } = await serviceQuotas(new ServiceQuotasClient(clientConfig));
    expect(own).toEqual([]);
    expect(denied).toMatchObject({ name: 'AccessDeniedException' });
    expect(createPacers(quotas).get('Connect.SearchContacts').ratePerSecond).toBe(0.5);
  });

  it('serviceQuotas fails with any other error, and retries throttles', async () => {
    let requests = 0;
    const { clientConfig } = await startAwsService(() => {
      const name = ++requests === 1 ? 'TooManyRequestsException' : 'ExpiredTokenException';
      return { __type: name, Message: 'no' };
    });
    await expect(
      serviceQuotas(new ServiceQuotasClient(clientConfig), { clock: leapingClock() }),
    ).rejects.toMatchObject({ code: 'ERR_REQUEST_FAILED', cause: { name: 'ExpiredTokenException' } });
    expect(requests).toBe(2);
  });

  it.each<[string, string, unknown[]]>([
    ['a missing client', 'client', []],
    ['the client of another service', 'a ConnectClient or a ServiceQuotasClient', [new IAMClient({})]],
    ['an unknown option', 'pageSize', [new ConnectClient({}), { pageSize: 1 }]],
  ])('serviceQuotas refuses %s', async (_what, named, args) => {
    await expect(Reflect.apply(serviceQuotas, undefined, args)).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      message: expect.stringContaining(named),
    });
  });
});
