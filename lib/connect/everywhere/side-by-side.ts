import type { ConnectClient } from '@aws-sdk/client-connect';
import { callbackError } from '../../core/callback-error.js';
import { PageturnError } from '../../core/errors.js';
import type { Page } from '../../core/page.js';
import type { RequestStats } from '../../core/request-stats.js';
import type { Shortfall } from '../../listing/listing-source.js';
import { assertSameRegions, regionOf } from './client-region.js';
import { type EverywhereInstance, everywhereInstance, withOrigin } from './instance-origin.js';
import { instancesTask, instanceTask, type Task } from './instance-task.js';
import { InstanceWalk } from './instance-walk.js';
import { type InstanceFailure, instancesFailed } from './instances-failed.js';
import { decodeInstances, encodeInstances, type SavedInstance } from './saved-instances.js';
import { type Arrival, TaskPool } from './task-pool.js';

export interface SideBySideSettings {
  readonly clients: readonly ConnectClient[];
  /** The listing of an instance; undefined leaves it out. */
  readonly list: (client: ConnectClient, instance: EverywhereInstance) => unknown;
  readonly concurrency: number;
  readonly onFailed: ((failure: InstanceFailure) => void | Promise<void>) | undefined;
}

interface SideBySideStart {
  /** The position, as a page token; undefined at the beginning. */
  readonly token: string | undefined;
  /** The Region of each client. */
  readonly regions: readonly (string | null)[];
  readonly stats: RequestStats;
}

/** The listings of all instances, from a position up to the next pause of the traversal. */
export class SideBySide {
  /** The position, as a page token. */
  token: string | undefined;
  shortfall: Shortfall | undefined;
  readonly #settings: SideBySideSettings;
  /** The instances of each client, as the next token keeps them. */
  readonly #clients: (SavedInstance[] | null)[];
  readonly #regions: readonly (string | null)[];
  #isLimited: boolean;
  readonly #failures: InstanceFailure[] = [];
  readonly #tasks: TaskPool;

  private constructor(settings: SideBySideSettings, { token, regions, stats }: SideBySideStart) {
    const { clients, concurrency } = settings;
    const saved = token === undefined ? undefined : decodeInstances(token, clients.length);
    if (saved) assertSameRegions(saved.regions, regions);
    this.#settings = settings;
    this.token = token;
    this.#clients = clients.map((_, index) => saved?.clients[index]?.slice() ?? null);
    this.#regions = regions;
    this.#isLimited = saved?.isLimited ?? false;
    this.#tasks = new TaskPool({ concurrency, stats });
  }

  /** Throws ERR_CURSOR_MISMATCH if the token was made for other clients or other listings. */
  static async open(
    settings: SideBySideSettings,
    token: string | undefined,
    stats: RequestStats,
  ): Promise<SideBySide> {
    const { clients } = settings;
    const regions = await Promise.all(clients.map(async (client) => (await regionOf(client)) ?? null));
    const all = new SideBySide(settings, { token, regions, stats });
    for (const [index, client] of clients.entries()) {
      const saved = all.#clients[index];
      if (!saved) all.#tasks.add(instancesTask(client, index));
      else all.#clients[index] = saved.map((instance, rank) => all.#resumed(instance, index, rank));
    }
    return all;
  }

  /** The rows that arrive next, from any of the instances. */
  async nextPage(): Promise<Page<object>> {
    for (;;) {
      const arrival = await this.#tasks.next();
      if (!arrival) return this.#end();
      const items = await this.#take(arrival);
      if (!items) continue;
      this.token = encodeInstances({
        clients: this.#clients,
        regions: this.#regions,
        isLimited: this.#isLimited,
      });
      return { items, next: this.token };
    }
  }

  close(): void {
    this.#tasks.close();
  }

  /** An instance of the cursor, as the next token keeps it. */
  #resumed(saved: SavedInstance, client: number, rank: number): SavedInstance {
    const { id, arn, alias, cursor } = saved;
    if (!cursor) return saved;
    const instance = everywhereInstance({ Id: id, Arn: arn, InstanceAlias: alias });
    const walk = this.#walkOf(client, instance);
    // Its rows from earlier runs stay.
    if (!walk) return { id };
    walk.assertFits(cursor);
    this.#tasks.add(instanceTask(walk, { client, rank, instance, from: cursor }));
    return saved;
  }

  /** The instances of a client, without those that another client has as well. */
  #found(client: number, found: readonly EverywhereInstance[]): SavedInstance[] {
    const known = new Set(this.#clients.flatMap((instances) => instances?.map(({ id }) => id) ?? []));
    const own = found.filter(({ InstanceId }) => !known.has(InstanceId));
    return own.map((instance, rank) => {
      const { InstanceId: id, Arn: arn, InstanceAlias: alias } = instance;
      const walk = this.#walkOf(client, instance);
      if (!walk) return { id };
      const from = walk.start;
      this.#tasks.add(instanceTask(walk, { client, rank, instance, from }));
      return { id, arn, alias, cursor: from };
    });
  }

  #walkOf(client: number, instance: EverywhereInstance): InstanceWalk<object> | undefined {
    const { clients, list } = this.#settings;
    let listing: unknown;
    try {
      listing = list(clients[client] as ConnectClient, instance);
    } catch (error) {
      throw callbackError(error, 'list');
    }
    return listing === undefined ? undefined : new InstanceWalk<object>(listing);
  }

  /** The rows of an arrival, none if only the position has moved; undefined if there is nothing to keep. */
  async #take({ task, worked }: Arrival): Promise<readonly object[] | undefined> {
    const { client, rank, instance } = task;
    if ('error' in worked) return this.#fail(task, worked.error);
    if ('rows' in worked && instance) {
      task.state = 'idle';
      const { InstanceId: id, Arn: arn, InstanceAlias: alias } = instance;
      this.#keep(client, rank, { id, arn, alias, cursor: worked.cursor });
      return worked.rows.map((row) => withOrigin(row, instance));
    }
    this.#tasks.remove(task);
    if ('found' in worked) this.#clients[client] = this.#found(client, worked.found);
    if ('end' in worked && instance) {
      this.#keep(client, rank, { id: instance.InstanceId });
      this.#isLimited ||= worked.end === 'limit';
    }
    // A page without rows, because the token has changed.
    return [];
  }

  #keep(client: number, rank: number, instance: SavedInstance): void {
    const instances = this.#clients[client];
    if (instances) instances[rank] = instance;
  }

  async #fail(task: Task, error: unknown): Promise<undefined> {
    if (isFatal(error)) throw error;
    task.state = 'failed';
    const failure = { ...(await task.place()), error };
    this.#failures.push(failure);
    try {
      await this.#settings.onFailed?.(failure);
    } catch (cause) {
      throw callbackError(cause, 'onFailed');
    }
  }

  /** All instances are done, or have failed. */
  #end(): Page<object> {
    if (this.#failures.length > 0) {
      const instances = this.#clients.flatMap((one) => one ?? [undefined]).length;
      const error = instancesFailed(this.#failures, instances);
      if (!this.#settings.onFailed) throw error;
      this.shortfall = { reason: 'partial', error };
    } else if (this.#isLimited) this.shortfall = { reason: 'limit' };
    return { items: [], next: undefined };
  }
}

/** Errors that every instance would have, and a rejected token, after which all of them start over. */
function isFatal(error: unknown): boolean {
  return (
    error instanceof PageturnError && ['ERR_INVALID_ARGUMENT', 'ERR_TOKEN_REJECTED'].includes(error.code)
  );
}
