// A separate process for the specs: locks a checkpoint in Redis and saves a position, and another one for each line of its
// input. Prints a line of JSON for each. Argument: the URL of Redis.

import { Redis } from 'ioredis';
import type { PageturnError } from '../../lib/core/errors.js';
import { redisCheckpoint } from '../../lib/redis/index.js';
import { cursorAt } from '../support/cursor-at.js';

const [url = ''] = process.argv.slice(2);
const redis = new Redis(url);
redis.on('error', () => {});
const store = redisCheckpoint(redis);
await store.lock('users');
await store.save('users', cursorAt(7));
console.log(JSON.stringify({ held: true }));
process.stdin.on('data', () =>
  store.save('users', cursorAt(9)).then(
    () => console.log(JSON.stringify({ saved: true })),
    ({ code, message }: PageturnError) => console.log(JSON.stringify({ code, message })),
  ),
);
