import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { DrainPosition } from '../core/destination.js';
import { PageturnError } from '../core/errors.js';
import { fencedError } from '../core/fenced-error.js';
import { RequestStats } from '../core/request-stats.js';
import type { Item } from './attribute-value.js';
import { isConditionFailed, type TableRequests } from './table-requests.js';

interface PositionItemOptions {
  readonly requests: TableRequests;
  readonly key: Item;
  /** The name of the destination in messages. */
  readonly target: string;
  /** The time of the day in milliseconds since 1970. */
  readonly now: () => number;
}

/** What a run finds when it takes the item over. */
interface Claim {
  readonly fence: number;
  readonly position: DrainPosition | undefined;
}

/**
 * The item that keeps the position of an unfinished drain, as JSON in one attribute, and the run that owns it. Each run marks
 * it as its own; all that an earlier one writes is refused from then on. It is deleted when the drain is finished.
 */
export class PositionItem {
  readonly #options: PositionItemOptions;
  readonly #run: AttributeValue = { S: crypto.randomUUID() };

  constructor(options: PositionItemOptions) {
    this.#options = options;
  }

  /** Takes the item over from the run before. */
  async claim(signal: AbortSignal): Promise<Claim> {
    const { requests, key, now } = this.#options;
    const { Attributes } = await requests.update(
      {
        Key: key,
        // The item of a finished drain is gone; the time makes a fence that is higher than its.
        UpdateExpression: 'SET #run = :run, #fence = if_not_exists(#fence, :now) + :one',
        ExpressionAttributeNames: { '#run': 'run', '#fence': 'fence' },
        ExpressionAttributeValues: { ':run': this.#run, ':now': { N: String(now()) }, ':one': { N: '1' } },
        ReturnValues: 'ALL_NEW',
      },
      { signal },
    );
    const { fence, position } = Attributes ?? {};
    return { fence: Number(fence?.N), position: this.#read(position?.S) };
  }

  /** Rejects if another run has taken the item over. */
  async assertOwned(signal: AbortSignal): Promise<void> {
    const item = await this.#load(signal);
    if (item?.['run']?.S !== this.#run.S) throw fencedError(this.#options.target);
  }

  async save(position: DrainPosition, signal: AbortSignal): Promise<void> {
    const { requests, key } = this.#options;
    await this.#owned(
      requests.update(
        {
          Key: key,
          UpdateExpression: 'SET #position = :position',
          ConditionExpression: OWNED,
          ExpressionAttributeNames: { '#position': 'position', '#run': 'run' },
          ExpressionAttributeValues: { ':position': { S: JSON.stringify(position) }, ':run': this.#run },
        },
        { signal },
      ),
    );
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
