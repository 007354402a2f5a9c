/** The data of a job: one instance. The queue contains no code. */
export interface UsersJob {
  readonly instanceId: string;
}

export const REDIS_URL = process.env['REDIS_URL'] ?? 'redis://localhost:6379';
