export { type RedisCheckpointOptions, redisCheckpoint } from './redis-checkpoint.js';
export type { RedisConnection } from './redis-connection.js';
export { type RedisPacersOptions, redisPacers } from './redis-pacers.js';
