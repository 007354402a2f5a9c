export interface FleetJob {
  readonly kind: 'postgres' | 'dynamodb';
  readonly instanceId: string;
  /** The table of DynamoDB. */
  readonly dynamoTable: string;
}

export interface FleetRow {
  readonly id: string;
  readonly job: string;
  /** Which run of the job wrote it. */
  readonly run: string;
}

/** The table of PostgreSQL. */
export const TABLE = 'users';
/** Shorter than by default, so that a suite of takeovers does not wait for minutes. */
export const LOCK_MS = 2_000;
export const PAGE_SIZE = 10;
/** Of the API, for all workers together. */
export const QUOTA = { ratePerSecond: 30, burst: 30 };
