import type { RequestStats } from '../../core/request-stats.js';
import type { TraversalStats } from '../../listing/traversal/traversal-stats.js';
import { addStats } from './add-stats.js';
import type { Task, Worked } from './instance-task.js';

/** A task that has run: its result, or the error that it failed with. */
export interface Arrival {
  readonly task: Task;
  readonly worked: Worked | { readonly error: unknown };
}

interface TaskPoolOptions {
  /** How many tasks run, or wait to be taken, at a time. */
  readonly concurrency: number;
  /** The requests of all tasks are added to these. */
  readonly stats: RequestStats;
}

/** Runs tasks side by side. */
export class TaskPool {
  readonly #concurrency: number;
  readonly #stats: RequestStats;
  /** The stats of each task that are already counted. */
  readonly #counted = new WeakMap<Task, TraversalStats>();
  readonly #abort = new AbortController();
  /** The tasks that are not done, in the order in which they start. */
  #tasks: Task[] = [];
  readonly #arrivals: Arrival[] = [];
  #wake = () => {};

  constructor({ concurrency, stats }: TaskPoolOptions) {
    this.#concurrency = concurrency;
    this.#stats = stats;
  }

  /** Instances of one client share its quotas, so those of different clients come first. */
  add(task: Task): void {
    this.#tasks.push(task);
    this.#tasks.sort((a, b) => a.rank - b.rank || a.client - b.client);
  }

  /** Drops a task that is done. */
  remove(task: Task): void {
    this.#tasks.splice(this.#tasks.indexOf(task), 1);
  }

  /** What arrives next, from any of the tasks; undefined if all of them are done or have failed. */
  async next(): Promise<Arrival | undefined> {
    for (;;) {
      this.#abort.signal.throwIfAborted();
      this.#start();
      const arrival = this.#arrivals.shift();
      if (arrival) this.#count(arrival.task);
      if (arrival || !this.#tasks.some(({ state }) => state === 'running')) return arrival;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
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

  /** Rows that are not taken yet occupy a place too, so that a slow consumer slows the requests down. */
  #start(): void {
    const places = this.#tasks.filter(({ state }) => state !== 'failed').slice(0, this.#concurrency);
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

  #count(task: Task): void {
    const { stats } = task;
    if (!stats) return;
    const before = this.#counted.get(task);
    this.#counted.set(task, stats);
    addStats(this.#stats, stats, before);
  }
}
