import { expect, it } from 'vitest';
import { hasRedis, startRedis } from './start-redis.js';

it.skipIf(!hasRedis)(
  'a Redis of a spec keeps its data over a crash, and answers nothing while it is paused',
  async () => {
    await using server = await startRedis({ appendOnly: true });
    const client = server.client();
    await client.set('key', 'value');
    await server.kill();
    await server.start();
    expect(await client.get('key')).toBe('value');
    server.pause();
    let isAnswered = false;
    const answer = client.get('key').finally(() => (isAnswered = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isAnswered).toBe(false);
    server.resume();
    expect(await answer).toBe('value');
    await server.stop();
  },
);
