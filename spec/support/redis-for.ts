import { afterAll, beforeAll } from 'vitest';
import { type RedisServer, type RedisServerOptions, startRedis } from './start-redis.js';

/** For the head of a spec file: a Redis until after the last test, and names of keys that nothing else uses. */
export function redisFor(options?: RedisServerOptions) {
  let server: RedisServer | undefined;
  let count = 0;
  beforeAll(async () => {
    server = await startRedis(options);
  });
  afterAll(() => server?.[Symbol.asyncDispose]());
  return {
    get server(): RedisServer {
      if (!server) throw new Error('Redis has not been started yet');
      return server;
    },
    newPrefix: () => `spec-${count++}:`,
  };
}
