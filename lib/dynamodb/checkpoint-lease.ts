import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../core/clock.js';
import { holderName } from '../core/holder-name.js';
import { unrefClock } from '../core/unref-clock.js';
import type { Item } from './attribute-value.js';
import { isConditionFailed, type TableRequests } from './table-requests.js';

export interface CheckpointLeaseSettings {
  readonly requests: TableRequests;
  readonly leaseMs: number;
  readonly clock: Pick<Clock, 'sleep'> | undefined;
  /** The time of the day in milliseconds since 1970. */
  readonly now: () => number;
}

/** The lock of an item: it expires unless its holder renews it, which happens three times in the life of a lease. */
export class CheckpointLease {
  /** Holds for a lock that was not taken, or has expired. */
  static readonly FREE = 'attribute_not_exists(#holder) OR #expiresAt < :now';
  /** Holds as long as no one else has taken the lock. */
  static readonly OWNED = '#fence = :fence AND #holder = :holder';

  readonly #settings: CheckpointLeaseSettings;
  readonly #key: Item;
  readonly #holder: AttributeValue;
  readonly #fence: AttributeValue;
  readonly #stop = new AbortController();

  private constructor(
    settings: CheckpointLeaseSettings,
    key: Item,
    holder: AttributeValue,
    fence: AttributeValue,
  ) {
    this.#settings = settings;
    this.#key = key;
    this.#holder = holder;
    this.#fence = fence;
    this.#beat().catch(() => {});
  }

  /** Takes the lock of an item; undefined if another holds it. */
  static async take(
    key: Item,
    settings: CheckpointLeaseSettings,
    signal: AbortSignal | undefined,
  ): Promise<CheckpointLease | undefined> {
    const { requests, leaseMs, now } = settings;
    const holder = { S: crypto.randomUUID() };
    const at = now();
    try {
      await requests.update(
        {
          Key: key,
          // The fence of an item that was deleted is lower than the time.
          UpdateExpression:
            'SET #holder = :holder, #heldBy = :heldBy, #expiresAt = :expiresAt, #fence = if_not_exists(#fence, :now) + :one',
          ConditionExpression: CheckpointLease.FREE,
          ExpressionAttributeNames: { ...NAMES, '#heldBy': 'heldBy', '#fence': 'fence' },
          ExpressionAttributeValues: {
            ':holder': holder,
            ':heldBy': { S: holderName() },
            ':expiresAt': { N: String(at + leaseMs) },
            ':now': { N: String(at) },
            ':one': { N: '1' },
          },
        },
        { signal },
      );
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
    }
    // Also if the condition failed: the answer to a first attempt that took the lock may have been lost.
    const item = await requests.get({ Key: key }, { signal });
    const fence = item?.['fence'];
    return item?.['holder']?.S === holder.S && fence
      ? new CheckpointLease(settings, key, holder, fence)
      : undefined;
  }

  /** The parts of a request that only takes effect while the lock is held. */
  get condition() {
    return {
      ConditionExpression: CheckpointLease.OWNED,
      ExpressionAttributeNames: { '#fence': 'fence', '#holder': 'holder' },
      ExpressionAttributeValues: { ':fence': this.#fence, ':holder': this.#holder },
    };
  }

  /** Gives the lock back; does nothing if it was lost. An item without a cursor is deleted. */
  async release(): Promise<void> {
    this.#stop.abort();
    const { requests } = this.#settings;
    const { ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues } = this.condition;
    const isDone = await took(
      requests.update({
        Key: this.#key,
        UpdateExpression: 'REMOVE #holder, #heldBy, #expiresAt',
        ConditionExpression: `${ConditionExpression} AND attribute_exists(#cursor)`,
        ExpressionAttributeNames: {
          ...ExpressionAttributeNames,
          '#heldBy': 'heldBy',
          '#expiresAt': 'expiresAt',
          '#cursor': 'cursor',
        },
        ExpressionAttributeValues,
      }),
    );
    if (!isDone) await took(requests.delete({ Key: this.#key, ...this.condition }));
  }

  /** Renews the lease until it is released or lost. A renewal that fails is not an error: the next one may succeed. */
  async #beat(): Promise<void> {
    const { requests, leaseMs, now, clock = unrefClock } = this.#settings;
    const { signal } = this.#stop;
    for (let isOwned = true; isOwned; ) {
      await clock.sleep(leaseMs / 3, signal);
      const { ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues } = this.condition;
      const renewal = requests.update(
        {
          Key: this.#key,
          UpdateExpression: 'SET #expiresAt = :expiresAt',
          ConditionExpression,
          ExpressionAttributeNames: { ...ExpressionAttributeNames, '#expiresAt': 'expiresAt' },
          ExpressionAttributeValues: {
            ...ExpressionAttributeValues,
            ':expiresAt': { N: String(now() + leaseMs) },
          },
        },
        { signal },
      );
      isOwned = await took(renewal).catch(() => true);
    }
  }
}

const NAMES = { '#holder': 'holder', '#expiresAt': 'expiresAt' };

/** Whether a request took effect: its condition held. */
async function took(request: Promise<unknown>): Promise<boolean> {
  try {
    await request;
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
}
