/** What a job has to know: one instance. Code is not sent. */
export interface UsersJob {
  readonly instanceId: string;
}

export const REDIS_URL = process.env['REDIS_URL'] ?? 'redis://localhost:6379';
