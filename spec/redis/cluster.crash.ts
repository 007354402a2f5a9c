import { Cluster } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { redisPacers } from '../../lib/redis/index.js';
import { hasRedis, startRedis } from '../support/start-redis.js';

// A node that has just started does not serve its slots for two seconds, which is too long for `npm test`.
describe.skipIf(!hasRedis)('a cluster of Redis', () => {
  it('a Redis cluster paces, with each bucket in one hash slot', async () => {
    const config = { 'cluster-enabled': 'yes', 'cluster-announce-ip': '127.0.0.1' };
    await using server = await startRedis({ config });
    const client = server.client();
    await client.cluster('ADDSLOTSRANGE', 0, 16_383);
    await expect.poll(() => client.cluster('INFO')).toContain('cluster_state:ok');
    const cluster = new Cluster([{ host: '127.0.0.1', port: server.port }]);
    try {
      const pacers = redisPacers(cluster, { ratePerSecond: 100 });
      for (const operation of ['a', 'b', 'c{x}']) {
        const permit = await pacers.get(operation).acquire();
        await permit.settle({ kind: 'throttled' });
      }
      expect(await client.dbsize()).toBe(3);
    } finally {
      cluster.disconnect();
    }
  });
});
