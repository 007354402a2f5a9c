import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type Clock, systemClock } from '../../core/clock.js';
import type { PageEvent, PageturnEvents, RetryEvent, WaitEvent } from '../../core/events.js';
import { LOCK_WAIT, type LockWaitEvent } from '../../node/files/lock-wait-event.js';
import { classify } from '../../request/classify.js';
import type { Screen } from '../cli-process.js';
import { formatCount, formatDuration, printable } from '../format.js';
import { ProgressLine } from './progress-line.js';
import { type Progress, progressText } from './progress-text.js';
import { RateMeter } from './rate-meter.js';

interface ReportOptions {
  readonly introduction?: string | undefined;
  /** The operation whose pages have the items. */
  readonly operation?: string | undefined;
  /** Whether each item needs a request. */
  readonly isDescribed?: boolean | undefined;
}

/**
 * Reports on standard error while the command runs: a progress line on a terminal, a line for each long wait and, in a
 * demonstration, a line for each page and throttle. It follows the events of the library, no matter which part sends the requests.
 */
export class Report {
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #noun: string;
  readonly #rate: RateMeter;
  readonly #line: ProgressLine;
  readonly #subscriptions: (() => void)[] = [];
  #operation: string | undefined;
  #isDescribed = false;
  #listed = 0;
  readonly #progress: Progress = { items: 0, pages: 0, throttles: 0, waitedMs: 0, wait: undefined };

  constructor(screen: Screen, noun: string, clock: Clock = systemClock) {
    this.#clock = clock;
    this.#startedAt = clock.now();
    this.#noun = noun;
    this.#rate = new RateMeter(clock);
    this.#line = new ProgressLine(screen, () =>
      progressText(this.#progress, {
        noun,
        now: clock.now(),
        requestsPerSecond: this.#rate.requestsPerSecond,
      }),
    );
    this.#count();
    this.#listen(LOCK_WAIT, (event) => this.line(lockWaitText(event as LockWaitEvent)));
  }

  get elapsedMs(): number {
    return this.#clock.now() - this.#startedAt;
  }

  /**
   * Shows the progress of an operation from now on; undefined is any. With an introduction, it prints that, and then a line
   * for every page, every throttle and the wait that follows it.
   */
  start({ introduction, operation, isDescribed = false }: ReportOptions = {}): void {
    this.#operation = operation;
    this.#isDescribed = isDescribed;
    if (introduction !== undefined) this.#narrate(introduction);
    this.#line.show();
  }

  /** Takes note of the items that are done, if these take longer than their pages. */
  done(items: number): void {
    if (this.#isDescribed) this.#progress.items = items;
  }

  line(text: string): void {
    this.#line.print(printable(text));
  }

  /** Clears the progress line so that other output can be written; the next redraw brings it back. */
  readonly hide = (): void => this.#line.hide();

  /** Removes the progress line and unsubscribes from the events. */
  close(): void {
    this.#line.close();
    for (const cancel of this.#subscriptions.splice(0)) cancel();
  }

  #narrate(introduction: string): void {
    this.line(introduction);
    let isBackingOff = false;
    this.#on('pageturn:page', ({ operation }: PageEvent) => {
      if (!this.#isOurs(operation)) return;
      this.line(`page ${this.#progress.pages}: ${formatCount(this.#listed, this.#noun)}`);
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

  #count(): void {
    const progress = this.#progress;
    this.#on('pageturn:attempt', () => {
      this.#rate.count();
      progress.wait = undefined;
    });
    this.#on('pageturn:page', ({ operation, items }: PageEvent) => {
      if (!this.#isOurs(operation)) return;
      this.#listed += items;
      if (!this.#isDescribed) progress.items = this.#listed;
      progress.pages++;
    });
    this.#on('pageturn:throttle', () => {
      progress.throttles++;
    });
    this.#on('pageturn:wait', ({ waitedMs }: WaitEvent) => {
      progress.waitedMs += waitedMs;
    });
    this.#on('pageturn:retry', ({ delayMs, error }: RetryEvent) => {
      if (delayMs < LONG_WAIT_MS) return;
      const { kind, retryAfterMs } = classify(error);
      const isThrottled = kind === 'throttle';
      const reason = isThrottled ? 'throttled' : 'the last request failed';
      progress.wait = { reason, until: this.#clock.now() + delayMs };
      // Otherwise it is pageturn's own backoff, and the error that ends it says how long it went on.
      if (retryAfterMs === undefined && !isThrottled) return;
      this.line(`${reason}, trying again in ${Math.ceil(delayMs / 1000)} s`);
    });
  }

  /** Whether a page has items of the command, and not the names of profiles. */
  #isOurs(operation: string | undefined): boolean {
    return this.#operation === undefined || operation === this.#operation;
  }

  #on<K extends keyof PageturnEvents>(name: K, handle: (event: PageturnEvents[K]) => void): void {
    this.#listen(name, (event) => handle(event as PageturnEvents[K]));
  }

  #listen(name: string, listener: (event: unknown) => void): void {
    subscribe(name, listener);
    this.#subscriptions.push(() => unsubscribe(name, listener));
  }
}

/** A user who sees nothing happen for this long wonders why; pageturn's own backoff is shorter. */
const LONG_WAIT_MS = 5000;

function lockWaitText({ path, pid, host }: LockWaitEvent): string {
  const holder = pid === undefined ? 'another process' : `process ${pid} on ${host}`;
  return `${path} may be in use by ${holder}: waiting up to 30 s for a heartbeat`;
}
