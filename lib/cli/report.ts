import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { PageEvent, PageturnEvents, WaitEvent } from '../core/events.js';
import type { TraversalStats } from '../listing/traversal/traversal-stats.js';
import { formatCount, formatDuration } from './format.js';
import { PaceMeter } from './pace-meter.js';
import { ProgressLine, type Screen } from './progress-line.js';

/** What a traversal that has not begun has done. */
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
 * What the user is told on standard error while the command runs: on a terminal one line that is rewritten, and where
 * `narrated` a line for each page and each throttle.
 */
export class Report {
  readonly #startedAt = performance.now();
  readonly #pace = new PaceMeter();
  readonly #progress: ProgressLine;
  readonly #subscriptions: (() => void)[] = [];
  #stats: () => TraversalStats = () => NO_STATS;

  constructor(screen: Screen) {
    this.#progress = new ProgressLine(screen, () => progressText(this.#stats(), this.#pace));
    this.#on('pageturn:attempt', () => this.#pace.count());
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }

  /** Shows how far the traversal is from now on. */
  follow(stats: () => TraversalStats): void {
    this.#stats = stats;
    this.#progress.show();
  }

  /** Tells of every page, every throttle and the wait it led to, in a line each, after what comes first. */
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
      if (isBackingOff) this.line(`waited ${formatDuration(waitedMs)}, trying again`);
      isBackingOff = false;
    });
  }

  line(text: string): void {
    this.#progress.print(text);
  }

  /** Takes the progress line off the screen, for somebody else to write there; it comes back by itself. */
  readonly hide = (): void => this.#progress.hide();

  /** Ends the progress and lets go of the events. */
  close(): void {
    this.#progress.close();
    for (const end of this.#subscriptions.splice(0)) end();
  }

  #on<K extends keyof PageturnEvents>(name: K, tell: (event: PageturnEvents[K]) => void): void {
    const listener = (event: unknown) => tell(event as PageturnEvents[K]);
    subscribe(name, listener);
    this.#subscriptions.push(() => unsubscribe(name, listener));
  }
}

/** `4,000 users, 4 pages, 1 throttle, 2.0 requests/s, 1.2 s waited` */
export function progressText(stats: TraversalStats, pace: { readonly requestsPerSecond: number }): string {
  return [
    formatCount(stats.itemsSeen, 'user'),
    formatCount(stats.pages, 'page'),
    formatCount(stats.throttles, 'throttle'),
    `${pace.requestsPerSecond.toFixed(1)} requests/s`,
    `${formatDuration(stats.quotaWaitMs)} waited`,
  ].join(', ');
}
