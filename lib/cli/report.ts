import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { PageEvent, PageturnEvents, WaitEvent } from '../core/events.js';
import type { TraversalStats } from '../listing/traversal/traversal-stats.js';
import { LOCK_WAIT, type LockWaitEvent } from '../node/files/lock-wait-event.js';
import { formatCount, formatDuration, printable } from './format.js';
import { ProgressLine, type Screen } from './progress-line.js';
import { RateMeter } from './rate-meter.js';

/** The stats of a traversal that has not started. */
export const NO_STATS: TraversalStats = {
  pages: 0,
  itemsSeen: 0,
  itemsYielded: 0,
  attempts: 0,
  throttles: 0,
  quotaWaitMs: 0,
  networkMs: 0,
  waitingFor: undefined,
};

/**
 * Reports on standard error while the command runs: a progress line on a terminal and, after `narrate`, a line for each
 * page and throttle.
 */
export class Report {
  readonly #startedAt = performance.now();
  readonly #rate = new RateMeter();
  readonly #progress: ProgressLine;
  readonly #subscriptions: (() => void)[] = [];
  #stats: () => TraversalStats = () => NO_STATS;

  constructor(screen: Screen) {
    this.#progress = new ProgressLine(screen, () => progressText(this.#stats(), this.#rate));
    this.#on('pageturn:attempt', () => this.#rate.count());
    this.#listen(LOCK_WAIT, (event) => this.line(waitText(event as LockWaitEvent)));
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }

  /** Shows the progress of a traversal from now on. */
  follow(stats: () => TraversalStats): void {
    this.#stats = stats;
    this.#progress.show();
  }

  /** Prints the introduction, then a line for every page, every throttle and the wait that follows it. */
  narrate(introduction: string): void {
    this.line(introduction);
    let [pages, users] = [0, 0];
    let isBackingOff = false;
    this.#on('pageturn:page', ({ items }: PageEvent) => {
      users += items;
      this.line(`page ${++pages}: ${formatCount(users, 'user')}`);
    });
    this.#on('pageturn:throttle', () => {
      isBackingOff = true;
      this.line('throttled (429): backing off');
    });
    this.#on('pageturn:wait', ({ waitedMs }: WaitEvent) => {
      if (isBackingOff) this.line(`waited ${formatDuration(waitedMs)}, retrying`);
      isBackingOff = false;
    });
  }

  line(text: string): void {
    this.#progress.print(printable(text));
  }

  /** Clears the progress line so that other output can be written; the next redraw brings it back. */
  readonly hide = (): void => this.#progress.hide();

  /** Removes the progress line and unsubscribes from the events. */
  close(): void {
    this.#progress.close();
    for (const cancel of this.#subscriptions.splice(0)) cancel();
  }

  #on<K extends keyof PageturnEvents>(name: K, handle: (event: PageturnEvents[K]) => void): void {
    this.#listen(name, (event) => handle(event as PageturnEvents[K]));
  }

  #listen(name: string, listener: (event: unknown) => void): void {
    subscribe(name, listener);
    this.#subscriptions.push(() => unsubscribe(name, listener));
  }
}

/** `4,000 users, 4 pages, 1 throttle, 2.0 requests/s, 1.2 s waited` */
export function progressText(stats: TraversalStats, rate: { readonly requestsPerSecond: number }): string {
  return [
    formatCount(stats.itemsSeen, 'user'),
    formatCount(stats.pages, 'page'),
    formatCount(stats.throttles, 'throttle'),
    `${rate.requestsPerSecond.toFixed(1)} requests/s`,
    `${formatDuration(stats.quotaWaitMs)} waited`,
  ].join(', ');
}

function waitText({ path, pid, host }: LockWaitEvent): string {
  const holder = pid === undefined ? 'another process' : `process ${pid} on ${host}`;
  return `${path} may be in use by ${holder}: waiting up to 30 s for a heartbeat`;
}
