import { invalidArgument } from '../core/errors.js';
import type { Script } from './script.js';

/** A connection of ioredis, to a server, through a sentinel, or to a cluster: a `Redis` or a `Cluster`. */
export interface RedisConnection {
  evalsha(sha: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>;
  eval(script: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>;
  /** Such as `ready`, or `end` once it was closed for good. */
  readonly status?: string | undefined;
  on?(event: 'error', listener: (error: Error) => void): unknown;
}

/** Throws ERR_INVALID_ARGUMENT for anything else, such as the URL of a server. */
export function assertConnection(redis: unknown): asserts redis is RedisConnection {
  const { evalsha, eval: evaluate } = Object(redis) as Partial<RedisConnection>;
  if (typeof evalsha !== 'function' || typeof evaluate !== 'function') {
    throw invalidArgument('redis', 'a connection of ioredis, such as new Redis(url)', redis);
  }
}

/** Runs a script on one key. A server that does not have it, such as one that was restarted, gets its text. */
export async function runScript(
  redis: RedisConnection,
  { text, sha }: Script,
  key: string,
  argument: string,
): Promise<unknown> {
  try {
    return await redis.evalsha(sha, 1, key, argument);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return redis.eval(text, 1, key, argument);
  }
}
