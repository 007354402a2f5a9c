import { raceAbort } from '../core/abort.js';
import { assertFunction } from '../core/assert-function.js';
import { assertKnownOptions } from '../core/assert-known-options.js';
import { checkedStore } from '../core/checked-store.js';
import type { CheckpointStore, LockKeyOptions } from '../core/checkpoint-store.js';
import { systemClock } from '../core/clock.js';
import { Cursor } from '../core/cursor.js';
import { invalidArgument, PageturnError } from '../core/errors.js';
import { quoted } from '../core/quoted.js';
import { lateSignal } from '../listing/traversal/late-signal.js';
import { storableCopy } from '../node/storable-copy.js';
import type { Item } from './attribute-value.js';
import { CheckpointLease, type CheckpointLeaseSettings } from './checkpoint-lease.js';
import { describeTableError } from './describe-table-error.js';
import { type KeyNames, readKeyNames } from './key-names.js';
import {
  type AnyDynamoDBClient,
  isConditionFailed,
  TableRequests,
  type TableSendOptions,
} from './table-requests.js';

/** Options of `dynamodbCheckpoint`. */
export interface DynamoDBCheckpointOptions extends TableSendOptions {
  /** A `DynamoDBClient` or a `DynamoDBDocumentClient`. */
  readonly client: AnyDynamoDBClient;
  /** The name of the table. It must exist; its key attributes must be strings. */
  readonly table: string;
  /** The name of the table's partition key, or a list of that and of its sort key. Default `'key'`. */
  readonly tableKey?: string | readonly [string, string] | undefined;
  /** How long a lock lasts if its holder does not renew it, in milliseconds; it does so three times as often. Default 30,000. */
  readonly leaseMs?: number | undefined;
  /** The time of the day in milliseconds since 1970, for tests. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/**
 * A {@link CheckpointStore} in a DynamoDB table, for runs that share no files, such as invocations of a Lambda function. Each
 * checkpoint is one item, with the cursor as JSON. The table may hold other items too: those of pageturn have keys that begin with
 * `checkpoint:`.
 *
 * A locked key is leased. A lease that is not renewed in time, because its holder ended or was frozen, may be taken over; the
 * clock that decides is that of the process that wants the lock, compared with the time that the holder wrote. Clocks
 * that differ make a takeover early or late, never two holders: each lock raises the item's fencing token, and a
 * `save` with an older one throws ERR_CHECKPOINT_LOCKED and writes nothing.
 *
 * Throws ERR_CHECKPOINT_LOCKED, which names the holder; ERR_CHECKPOINT_CORRUPT if an item is not what was written;
 * ERR_INVALID_ARGUMENT for a field that JSON cannot hold; and ERR_CHECKPOINT_IO with the error of DynamoDB as its cause.
 *
 * @example
 * const store = dynamodbCheckpoint({ client, table: 'checkpoints' });
 * for await (const user of users.resume(store, { key: 'users', signal })) await handle(user);
 */
export function dynamodbCheckpoint<C extends Cursor = Cursor>(
  options: DynamoDBCheckpointOptions,
): Required<CheckpointStore<C>> {
  assertKnownOptions('options of dynamodbCheckpoint', options, KNOWN_OPTIONS);
  const { client, table, tableKey = 'key', leaseMs = 30_000, now = Date.now, retry, pace, clock } = options;
  if (!(Number.isFinite(leaseMs) && leaseMs > 0)) {
    throw invalidArgument('leaseMs', 'a number of milliseconds above 0', leaseMs);
  }
  assertFunction('now', now);
  const requests = new TableRequests(client, table, { retry, pace, clock });
  const names = readKeyNames(tableKey, 'tableKey');
  return checkedStore(new TableCheckpoint<C>({ requests, leaseMs, now, clock }, names));
}

const KNOWN_OPTIONS = ['client', 'table', 'tableKey', 'leaseMs', 'now', 'retry', 'pace', 'clock'];

class TableCheckpoint<C extends Cursor> implements CheckpointStore<C> {
  readonly #settings: CheckpointLeaseSettings;
  readonly #requests: TableRequests;
  readonly #names: KeyNames;
  /** The locks that this store holds. */
  readonly #leases = new Map<string, CheckpointLease>();
  /** The last of the calls, which run one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(settings: CheckpointLeaseSettings, names: KeyNames) {
    this.#settings = settings;
    this.#requests = settings.requests;
    this.#names = names;
  }

  load(key: string): Promise<C | undefined> {
    return this.#inTurn('read', key, async () => {
      const item = await this.#requests.get({ Key: this.#key(key) });
      const text = item?.['cursor']?.S;
      if (text === undefined) return undefined;
      try {
        return Cursor.parse(text) as C;
      } catch (cause) {
        throw this.#error(
          'ERR_CHECKPOINT_CORRUPT',
          key,
          `cannot be used: ${(cause as Error).message}; delete its item to start over`,
          cause,
        );
      }
    });
  }

  save(key: string, cursor: C): Promise<void> {
    return this.#inTurn('save', key, async () => {
      // A cursor that could not be loaded again is not saved.
      const text = JSON.stringify(storableCopy(Cursor.parse(cursor), 'cursor'));
      const { ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues } =
        this.#condition(key);
      await this.#requests.update({
        Key: this.#key(key),
        UpdateExpression: 'SET #cursor = :cursor',
        ConditionExpression,
        ExpressionAttributeNames: { ...ExpressionAttributeNames, '#cursor': 'cursor' },
        ExpressionAttributeValues: { ...ExpressionAttributeValues, ':cursor': { S: text } },
      });
    });
  }

  clear(key: string): Promise<void> {
    return this.#inTurn('clear', key, async () => {
      const lease = this.#leases.get(key);
      if (!lease) return this.#requests.delete({ Key: this.#key(key), ...this.#condition(key) });
      const { ExpressionAttributeNames, ...condition } = lease.condition;
      await this.#requests.update({
        Key: this.#key(key),
        UpdateExpression: 'REMOVE #cursor',
        ...condition,
        ExpressionAttributeNames: { ...ExpressionAttributeNames, '#cursor': 'cursor' },
      });
    });
  }

  lock(key: string, { signal }: LockKeyOptions = {}): Promise<() => Promise<void>> {
    const taking = this.#inTurn('lock', key, () => this.#lock(key, signal), signal);
    return raceAbort(taking, signal);
  }

  async #lock(key: string, signal: AbortSignal | undefined): Promise<() => Promise<void>> {
    signal?.throwIfAborted();
    if (this.#leases.has(key)) {
      throw this.#error(
        'ERR_CHECKPOINT_LOCKED',
        key,
        'is in use by another traversal of this store; wait for it to end, or use another key',
      );
    }
    // Requests that were sent may take the lock after an abort; their answers show whether it has to be released.
    const late = lateSignal(signal, this.#settings.clock ?? systemClock);
    try {
      const lease = await CheckpointLease.take(this.#key(key), this.#settings, late.signal);
      if (!lease) throw await this.#lockedBy(key);
      if (signal?.aborted) {
        await lease.release();
        throw signal.reason;
      }
      this.#leases.set(key, lease);
      return () => this.#unlock(key, lease);
    } finally {
      late.end();
    }
  }

  #unlock(key: string, lease: CheckpointLease): Promise<void> {
    return this.#inTurn('unlock', key, async () => {
      if (this.#leases.get(key) !== lease) return;
      this.#leases.delete(key);
      await lease.release();
    });
  }

  #key(key: string): Item {
    const [partition, sort] = this.#names;
    const item: Item = { [partition]: { S: `checkpoint:${key}` } };
    return sort === undefined ? item : { ...item, [sort]: { S: 'checkpoint' } };
  }

  /** The lock of this store holds, or no other's does. */
  #condition(key: string) {
    const lease = this.#leases.get(key);
    if (lease) return lease.condition;
    return {
      ConditionExpression: CheckpointLease.FREE,
      ExpressionAttributeNames: { '#holder': 'holder', '#expiresAt': 'expiresAt' },
      ExpressionAttributeValues: { ':now': { N: String(this.#settings.now()) } },
    };
  }

  async #lockedBy(key: string): Promise<PageturnError> {
    const { heldBy, expiresAt } = (await this.#requests.get({ Key: this.#key(key) })) ?? {};
    const who = heldBy?.S ?? 'another process';
    if (this.#leases.has(key)) {
      return this.#error(
        'ERR_CHECKPOINT_LOCKED',
        key,
        `is no longer locked by this process: its lock expired, and ${who} took it over; nothing was written since; end this run`,
      );
    }
    const seconds = Math.ceil((Number(expiresAt?.N ?? 0) - this.#settings.now()) / 1_000);
    const advice =
      seconds > 0 ? `wait for it to end; its lock expires in ${seconds} s unless it is renewed` : 'try again';
    return this.#error('ERR_CHECKPOINT_LOCKED', key, `is in use by ${who}; ${advice}`);
  }

  #error(code: PageturnError['code'], key: string, what: string, cause?: unknown): PageturnError {
    return new PageturnError(code, `${this.#describe(key)} ${what}`, { cause });
  }

  #describe(key: string): string {
    return `the checkpoint ${quoted(key)} in dynamodb://${this.#requests.table}`;
  }

  #inTurn<R>(action: string, key: string, work: () => Promise<R>, signal?: AbortSignal): Promise<R> {
    const turn = this.#last.then(work).catch(async (error: unknown) => {
      signal?.throwIfAborted();
      if (isConditionFailed(error)) throw await this.#lockedBy(key);
      if (!(error instanceof PageturnError)) throw error;
      const { code, cause, attempts } = error;
      if (code !== 'ERR_REQUEST_FAILED' && code !== 'ERR_RETRY_EXHAUSTED') throw error;
      const message = `cannot ${action} ${this.#describe(key)}: ${describeTableError(error, this.#names)}`;
      throw new PageturnError('ERR_CHECKPOINT_IO', message, { cause, attempts });
    });
    this.#last = turn.catch(() => {});
    return turn;
  }
}
