import { systemClock } from '../core/clock.js';
import type {
  Destination,
  DrainEnd,
  DrainPosition,
  Job,
  OpenedDestination,
  Published,
} from '../core/destination.js';
import { fieldsOf } from '../core/error-fields.js';
import { PageturnError } from '../core/errors.js';
import { fencedError } from '../core/fenced-error.js';
import { Spool } from '../node/spool/spool.js';
import { type AnyS3Client, BucketRequests } from './bucket-requests.js';
import { describeBucketError } from './describe-bucket-error.js';
import { publishObject } from './publish-object.js';
import { readS3Options, type S3Options, type S3Settings, SMALLEST_PART } from './s3-options.js';
import { settleEarlier } from './settle-earlier.js';
import { spoolPath } from './spool-path.js';

/**
 * An object in an S3 bucket that always holds a whole listing, the new one or the previous one: a destination for
 * `Listing.drainTo` that writes each row once. Rows are kept on this machine, as they were delivered, until all have
 * arrived; then they are written in the format and uploaded, and no parts are left behind. Run the same drain on the
 * same machine again to resume an unfinished one.
 *
 * Needs `@aws-sdk/client-s3` and `@aws-sdk/lib-storage`. A drain rejects with ERR_FILE_LOCKED while another one on this
 * machine writes the object, and with ERR_DESTINATION_FAILED if the bucket does not take it.
 *
 * @example
 * const receipt = await users.drainTo(s3({ client, bucket: 'exports', key: 'users.csv', format: csv() }));
 */
export function s3<T>(options: S3Options<T>): Destination<T> {
  return new S3Destination<T>(readS3Options(options));
}

/** "Multipart upload limits" in the user guide. */
const MOST_PARTS = 10_000;

interface OpenObject {
  readonly requests: BucketRequests;
  readonly spool: Spool;
  readonly fence: number;
  readonly signal: AbortSignal;
}

class S3Destination<T> implements Destination<T> {
  readonly promises = 'exactly-once';
  readonly target: string;
  readonly #settings: S3Settings<T>;
  #open: OpenObject | undefined;

  constructor(settings: S3Settings<T>) {
    this.target = `s3://${settings.bucket}/${settings.key}`;
    this.#settings = settings;
  }

  async open(_job: Job, { signal }: { readonly signal: AbortSignal }): Promise<OpenedDestination> {
    await this.#assertInstalled();
    await this.#settings.format.prepare?.();
    const { client, bucket, key, overwrite, retry, clock } = this.#settings;
    const requests = new BucketRequests(client, { bucket, key }, { retry, clock });
    const path = this.#settings.spool ?? (await spoolPath(await endpointOf(client), bucket, key));
    const spool = await Spool.open(path, { signal });
    try {
      await this.#described('open', async () => {
        const { publishing } = spool.last ?? {};
        if (publishing && (await settleEarlier(publishing, requests, signal))) await spool.startOver();
        const state = await requests.look(signal);
        if (!overwrite && typeof state !== 'string') throw this.#taken();
      });
      const fence = spool.nextFence;
      this.#open = { requests, spool, fence, signal };
      return { fence, position: spool.last?.position };
    } catch (error) {
      await spool.close();
      throw error;
    }
  }

  async write(rows: readonly T[], position: DrainPosition): Promise<void> {
    await this.#opened(position).spool.write(rows, position);
  }

  async startOver(position: DrainPosition): Promise<void> {
    await this.#opened(position).spool.startOver(position);
  }

  async finish(end: DrainEnd): Promise<Published> {
    const { requests, spool, signal } = this.#opened(end);
    const { bucket, key, format, overwrite, object, queueSize, clock = systemClock } = this.#settings;
    // Rows take about as much in a format as in the spool; twice that is a margin.
    const { partSize = Math.max(SMALLEST_PART, Math.ceil((2 * spool.bytes) / MOST_PARTS)) } = this.#settings;
    return this.#described('publish', () =>
      spool.publish(format, (bytes) =>
        publishObject(bytes, {
          requests,
          object: { ContentType: CONTENT_TYPES[format.name], ...object, Bucket: bucket, Key: key },
          overwrite,
          partSize,
          queueSize,
          signal,
          clock,
          note: (publication) => spool.notePublishing(publication),
        }),
      ),
    );
  }

  async close(): Promise<void> {
    const { spool } = this.#open ?? {};
    this.#open = undefined;
    await spool?.close();
  }

  #opened({ fence }: Pick<DrainPosition, 'fence'>): OpenObject {
    if (this.#open?.fence === fence) return this.#open;
    throw fencedError(this.target);
  }

  /** Before rows are listed for hours. */
  async #assertInstalled(): Promise<void> {
    try {
      await Promise.all([import('@aws-sdk/lib-storage'), import('@aws-sdk/client-s3')]);
    } catch (cause) {
      throw new PageturnError(
        'ERR_DESTINATION_FAILED',
        `cannot open ${this.target}: a package is missing; run npm install @aws-sdk/client-s3 @aws-sdk/lib-storage`,
        { cause },
      );
    }
  }

  /** Turns the errors of requests into those of the destination. */
  async #described<R>(what: string, work: () => Promise<R>): Promise<R> {
    try {
      return await work();
    } catch (error) {
      const isRequest = error instanceof PageturnError && /^ERR_RE(QUEST|TRY)_/.test(error.code);
      const cause = isRequest ? error.cause : error;
      const { name } = fieldsOf(cause);
      if (name === 'PreconditionFailed') throw this.#taken(cause);
      if (!isRequest && name !== 'NoSuchBucket') throw error;
      const message = `cannot ${what} ${this.target}: ${describeBucketError(error)}`;
      throw new PageturnError('ERR_DESTINATION_FAILED', message, { cause });
    }
  }

  #taken(cause?: unknown): PageturnError {
    return new PageturnError(
      'ERR_DESTINATION_FAILED',
      `${this.target} exists and overwrite is false; move it away, or name another key`,
      { cause },
    );
  }
}

/** By the name of the format. Others are left to the store. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
};

/** The endpoint that the client is configured with, if any: two stores may have buckets of one name. */
async function endpointOf(client: AnyS3Client): Promise<string> {
  const { endpoint } = client.config as { endpoint?: unknown };
  const { hostname, port, path }: { hostname?: string; port?: number; path?: string } =
    typeof endpoint === 'function' ? await endpoint() : {};
  return JSON.stringify([hostname, port, path]);
}
