import type { ConnectClient } from '@aws-sdk/client-connect';
import { callbackError } from '../../core/callback-error.js';
import { PageturnError } from '../../core/errors.js';
import type { Page } from '../../core/page.js';
import type { RequestStats } from '../../core/request-stats.js';
import type { Shortfall } from '../../listing/listing-source.js';
import type { TraversalStats } from '../../listing/traversal/traversal-stats.js';
import { addStats } from './add-stats.js';
import { assertSameRegion } from './client-region.js';
import { type EverywhereInstance, everywhereInstance, withOrigin } from './instance-origin.js';
import { instancesTask, instanceTask, type Task, type Worked } from './instance-task.js';
import { InstanceWalk } from './instance-walk.js';
import { type InstanceFailure, instancesFailed } from './instances-failed.js';
import { decodeInstances, encodeInstances, type SavedInstance } from './saved-instances.js';

export interface SideBySideSettings {
  readonly clients: readonly ConnectClient[];
  /** The listing of an instance; undefined leaves it out. */
  readonly list: (client: ConnectClient, instance: EverywhereInstance) => unknown;
  readonly concurrency: number;
  readonly onFailed: ((failure: InstanceFailure) => void | Promise<void>) | undefined;
}

interface Arrival {
  readonly task: Task;
  readonly worked: Worked | { readonly error: unknown };
}

/** The listings of all instances, from a position up to the next pause of the traversal. */
export class SideBySide {
  /** The position, as a page token. */
  token: string | undefined;
  shortfall: Shortfall | undefined;
  readonly #settings: SideBySideSettings;
  readonly #stats: RequestStats;
  /** The stats of each task that are already counted. */
  readonly #counted = new WeakMap<Task, TraversalStats>();
  readonly #abort = new AbortController();
  /** The instances of each client, as the next token keeps them. */
  readonly #clients: (SavedInstance[] | null)[];
  #isLimited: boolean;
  /** The tasks that are not done, in the order in which they start. */
  #tasks: Task[] = [];
  readonly #arrivals: Arrival[] = [];
  readonly #failures: InstanceFailure[] = [];
  #wake = () => {};

  private constructor(settings: SideBySideSettings, token: string | undefined, stats: RequestStats) {
    const { clients } = settings;
    const saved = token === undefined ? undefined : decodeInstances(token, clients.length);
    this.#settings = settings;
    this.#stats = stats;
    this.token = token;
    this.#clients = clients.map((_, index) => saved?.clients[index]?.slice() ?? null);
    this.#isLimited = saved?.isLimited ?? false;
  }

  /** Throws ERR_CURSOR_MISMATCH if the token was made for other clients or other listings. */
  static async open(
    settings: SideBySideSettings,
    token: string | undefined,
    stats: RequestStats,
  ): Promise<SideBySide> {
    const all = new SideBySide(settings, token, stats);
    for (const [index, client] of settings.clients.entries()) {
      const saved = all.#clients[index];
      if (!saved) all.#add(instancesTask(client, index));
      else {
        await assertSameRegion(client, saved);
        all.#clients[index] = saved.map((instance, rank) => all.#resumed(instance, index, rank));
      }
    }
    return all;
  }

  /** The rows that arrive next, from any of the instances. */
  async nextPage(): Promise<Page<object>> {
    for (;;) {
      this.#abort.signal.throwIfAborted();
      this.#startTasks();
      const arrival = this.#arrivals.shift();
      if (!arrival && !this.#tasks.some(({ state }) => state === 'running')) return this.#end();
      const items = arrival ? await this.#take(arrival) : await this.#change();
      if (!items) continue;
      this.token = encodeInstances({ clients: this.#clients, isLimited: this.#isLimited });
      return { items, next: this.token };
    }
  }

  close(): void {
    this.#abort.abort();
    for (const task of this.#tasks) {
      task.close();
      this.#count(task);
    }
    this.#tasks = [];
    this.#wake();
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
    this.#add(instanceTask(walk, { client, rank, instance, from: cursor }));
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
      this.#add(instanceTask(walk, { client, rank, instance, from }));
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

  /** Instances of one client share its quotas, so those of different clients come first. */
  #add(task: Task): void {
    this.#tasks.push(task);
    this.#tasks.sort((a, b) => a.rank - b.rank || a.client - b.client);
  }

  /** Rows that are not taken yet occupy a place too, so that a slow consumer slows the requests down. */
  #startTasks(): void {
    const places = this.#tasks.filter(({ state }) => state !== 'failed').slice(0, this.#settings.concurrency);
    for (const task of places) {
      if (task.state !== 'idle') continue;
      task.state = 'running';
      const arrive = (worked: Arrival['worked']) => {
        if (this.#abort.signal.aborted) return;
        task.state = 'arrived';
        this.#arrivals.push({ task, worked });
        this.#wake();
      };
      task.run(this.#abort.signal).then(arrive, (error: unknown) => arrive({ error }));
    }
  }

  async #change(): Promise<undefined> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  /** The rows of an arrival, none if only the position has moved; undefined if there is nothing to keep. */
  async #take({ task, worked }: Arrival): Promise<readonly object[] | undefined> {
    this.#count(task);
    const { client, rank, instance } = task;
    if ('error' in worked) return this.#fail(task, worked.error);
    if ('rows' in worked && instance) {
      task.state = 'idle';
      const { InstanceId: id, Arn: arn, InstanceAlias: alias } = instance;
      this.#keep(client, rank, { id, arn, alias, cursor: worked.cursor });
      return worked.rows.map((row) => withOrigin(row, instance));
    }
    this.#tasks.splice(this.#tasks.indexOf(task), 1);
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

  #count(task: Task): void {
    const { stats } = task;
    if (!stats) return;
    const before = this.#counted.get(task);
    this.#counted.set(task, stats);
    addStats(this.#stats, stats, before);
  }
}

/** Errors that every instance would have, and a rejected token, after which all of them start over. */
function isFatal(error: unknown): boolean {
  return (
    error instanceof PageturnError && ['ERR_INVALID_ARGUMENT', 'ERR_TOKEN_REJECTED'].includes(error.code)
  );
}
