import type { LoadedPage } from './loaded-page.js';
import type { PageFetcher, PageSink } from './page-fetcher.js';
import type { PagePlace } from './page-place.js';

interface ReadAheadOptions<T> {
  readonly fetcher: PageFetcher<T>;
  readonly depth: number;
  /** Whether a page after those that have arrived is sure to be wanted. */
  readonly isWanted: (arrived: readonly LoadedPage<T>[]) => boolean;
}

/**
 * Fetches up to `depth` pages ahead of the consumer, one after the other. A page that failed becomes an error only
 * when it is requested.
 */
export class ReadAhead<T> {
  readonly #options: ReadAheadOptions<T>;
  /** Every page asked for and not delivered; and those of them that have arrived. */
  readonly #asked: Promise<LoadedPage<T> | undefined>[] = [];
  readonly #arrived: LoadedPage<T>[] = [];
  /** Where to fetch next; undefined during a fetch, after one that failed, and if there is nothing more. */
  #place: PagePlace | undefined;
  #isStopped = false;

  constructor(options: ReadAheadOptions<T>) {
    this.#options = options;
  }

  /** The next page; fetched at this place if it was not asked for already. */
  fetch(place: PagePlace, sink: PageSink<T>): void {
    const asked = this.#asked[0] ?? this.#ask(place);
    asked.then(
      (page) => this.#isStopped || sink.arrive(page),
      (error: unknown) => this.#isStopped || sink.fail(error),
    );
  }

  /** The next page is delivered; until then it was unknown what else is wanted. */
  delivered(): void {
    this.#asked.shift();
    this.#arrived.shift();
    this.#fill();
  }

  /** Starts no further fetch, and delivers nothing of those in progress. */
  stop(): void {
    this.#isStopped = true;
  }

  #fill(): void {
    const { depth, isWanted } = this.#options;
    if (this.#place && this.#asked.length < depth && isWanted(this.#arrived)) this.#ask(this.#place);
  }

  #ask(place: PagePlace): Promise<LoadedPage<T> | undefined> {
    const asked = new Promise<LoadedPage<T> | undefined>((resolve, reject) => {
      this.#options.fetcher.fetch(place, { arrive: resolve, fail: reject });
    });
    this.#asked.push(asked);
    this.#place = undefined;
    const arrive = (page: LoadedPage<T> | undefined) => {
      if (!page || this.#isStopped) return;
      this.#arrived.push(page);
      this.#place = page.next;
      this.#fill();
    };
    asked.then(arrive, () => {});
    return asked;
  }
}
