import type { AttributeValue, ConditionCheck } from '@aws-sdk/client-dynamodb';
import type { DrainPosition, Lease } from '../core/destination.js';
import { PageturnError } from '../core/errors.js';
import { fencedError, leaseFencedError } from '../core/fenced-error.js';
import { RequestStats } from '../core/request-stats.js';
import type { Item } from './attribute-value.js';
import { isConditionFailed, type TableRequests } from './table-requests.js';

interface PositionItemOptions {
  readonly requests: TableRequests;
  readonly key: Item;
  /** The name of the destination in messages. */
  readonly target: string;
  readonly lease: Lease | undefined;
  /** The time of the day in milliseconds since 1970. */
  readonly now: () => number;
}

/** What a run finds when it takes the item over. */
interface Claim {
  readonly fence: number;
  readonly position: DrainPosition | undefined;
}

interface Expression {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Item;
}

/**
 * The item that keeps the position of an unfinished drain, as JSON in one attribute, and the run that owns it. Each run marks
 * it as its own; all that an earlier one writes is refused from then on. It is deleted when the drain is finished, unless a
 * run with a lease has ever owned it: then it keeps the token, so that a run with an older one stays refused.
 */
export class PositionItem {
  readonly #options: PositionItemOptions;
  readonly #run: AttributeValue = { S: crypto.randomUUID() };

  #isLeased = false;

  constructor(options: PositionItemOptions) {
    this.#options = options;
  }

  /** Whether a run with a lease has owned the item. */
  get isLeased(): boolean {
    return this.#isLeased;
  }

  /** Takes the item over from the run before, unless that has a newer lease. */
  async claim(signal: AbortSignal): Promise<Claim> {
    const { requests, key, now, lease, target } = this.#options;
    // A finished drain deletes its item; the time makes a fence that is higher than the one it had.
    const changes = '#run = :run, #fence = if_not_exists(#fence, :now) + :one';
    const names = { '#run': 'run', '#fence': 'fence' };
    const values = { ':run': this.#run, ':now': { N: String(now()) }, ':one': { N: '1' } };
    const update = lease
      ? {
          UpdateExpression: `SET ${changes}, #lease = :lease`,
          ConditionExpression: 'attribute_not_exists(#lease) OR #lease <= :lease',
          ExpressionAttributeNames: { ...names, '#lease': 'lease' },
          ExpressionAttributeValues: { ...values, ':lease': { N: String(lease.token) } },
        }
      : {
          UpdateExpression: `SET ${changes}`,
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: values,
        };
    const claiming = requests.update({ Key: key, ...update, ReturnValues: 'ALL_NEW' }, { signal });
    const { Attributes = {} } = await claiming.catch((error: unknown) => {
      throw isConditionFailed(error) ? leaseFencedError(target) : error;
    });
    const { fence, position, finished } = Attributes;
    this.#isLeased = Attributes['lease'] !== undefined;
    const isOver = finished?.S !== undefined && finished.S !== lease?.run;
    return { fence: Number(fence?.N), position: isOver ? undefined : this.#read(position?.S) };
  }

  /** Rejects if another run has taken the item over. */
  async assertOwned(signal: AbortSignal): Promise<void> {
    const item = await this.#load(signal);
    if (item?.['run']?.S !== this.#run.S) throw fencedError(this.#options.target);
  }

  /** Holds as long as no other run has taken the item over; part of a transaction. */
  get ownedCheck(): ConditionCheck {
    const { requests, key } = this.#options;
    return {
      TableName: requests.table,
      Key: key,
      ConditionExpression: OWNED,
      ExpressionAttributeNames: { '#run': 'run' },
      ExpressionAttributeValues: { ':run': this.#run },
    };
  }

  async save(position: DrainPosition, signal: AbortSignal): Promise<void> {
    const names = { '#position': 'position', ...(this.#isLeased && { '#finished': 'finished' }) };
    await this.#update(
      `SET #position = :position${this.#isLeased ? ' REMOVE #finished' : ''}`,
      { names, values: { ':position': { S: JSON.stringify(position) } } },
      signal,
    );
  }

  /** Deletes the item; one that keeps a lease forgets its position, or marks it as that of the finished run. */
  async finish(signal: AbortSignal): Promise<void> {
    const { lease } = this.#options;
    if (!this.#isLeased) return this.remove(signal);
    const finished = { '#finished': 'finished' };
    if (lease?.run !== undefined) {
      const values = { ':finished': { S: lease.run } };
      return this.#update('SET #finished = :finished', { names: finished, values }, signal);
    }
    const names = { '#position': 'position', ...finished };
    return this.#update('REMOVE #position, #finished', { names, values: {} }, signal);
  }

  /** Deletes the item. */
  async remove(signal?: AbortSignal): Promise<void> {
    const { requests, key } = this.#options;
    const stats = new RequestStats();
    const input = {
      Key: key,
      ConditionExpression: OWNED,
      ExpressionAttributeNames: { '#run': 'run' },
      ExpressionAttributeValues: { ':run': this.#run },
    };
    try {
      await this.#owned(requests.delete(input, { signal, stats }));
    } catch (error) {
      // The answer to the first attempt may be lost: the second one then finds no item.
      if (stats.attempts < 2 || (await this.#load(signal))) throw error;
    }
  }

  #update(UpdateExpression: string, { names, values }: Expression, signal: AbortSignal): Promise<void> {
    const { requests, key } = this.#options;
    const input = {
      Key: key,
      UpdateExpression,
      ConditionExpression: OWNED,
      ExpressionAttributeNames: { ...names, '#run': 'run' },
      ExpressionAttributeValues: { ...values, ':run': this.#run },
    };
    return this.#owned(requests.update(input, { signal }));
  }

  #load(signal: AbortSignal | undefined): Promise<Item | undefined> {
    const { requests, key } = this.#options;
    const only = { ProjectionExpression: '#run', ExpressionAttributeNames: { '#run': 'run' } };
    return requests.get({ Key: key, ...only }, { signal });
  }

  async #owned(request: Promise<unknown>): Promise<void> {
    try {
      await request;
    } catch (error) {
      throw isConditionFailed(error) ? fencedError(this.#options.target) : error;
    }
  }

  #read(text: string | undefined): DrainPosition | undefined {
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text) as DrainPosition;
    } catch (cause) {
      throw new PageturnError(
        'ERR_DESTINATION_FAILED',
        `the position in ${this.#options.target} cannot be read; delete its item to start over`,
        { cause },
      );
    }
  }
}

const OWNED = '#run = :run';
