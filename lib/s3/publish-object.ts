import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { onAbort } from '../core/abort.js';
import type { Clock } from '../core/clock.js';
import type { Published } from '../core/destination.js';
import { lateSignal } from '../listing/traversal/late-signal.js';
import type { Publication } from '../node/spool/spool-lines.js';
import { type BucketRequests, PUBLICATION } from './bucket-requests.js';

interface PublishOptions {
  readonly requests: BucketRequests;
  /** Bucket, key, and what else the object has. */
  readonly object: PutObjectCommandInput;
  readonly overwrite: boolean;
  readonly partSize: number;
  readonly queueSize: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Keeps what the next run needs to know if this one dies. */
  readonly note: (publication: Publication) => Promise<void>;
}

/**
 * Uploads the bytes as an object, whole or not at all: in one request, or in parts if they are more than one part. If it
 * rejects, the parts are deleted; unless that fails too, or takes longer than an abort waits, and then the id is noted.
 */
export async function publishObject(
  bytes: AsyncIterable<Uint8Array>,
  options: PublishOptions,
): Promise<Published> {
  const { requests, object, overwrite, partSize, queueSize, signal, clock, note } = options;
  const { Upload } = await import('@aws-sdk/lib-storage');
  const publication: Publication = { id: randomUUID() };
  await note(publication);
  signal.throwIfAborted();
  const content = new HashedContent(bytes);
  const late = lateSignal(signal, clock);
  const session = new UploadSession({ requests, publication, note, signal, late: late.signal });
  const upload = new Upload({
    client: requests.viewOf((command) => session.send(command)),
    params: {
      ...object,
      Body: Readable.from(content, { highWaterMark: 1 }),
      Metadata: { ...object.Metadata, [PUBLICATION]: publication.id ?? '' },
      ...(overwrite ? {} : { IfNoneMatch: '*' }),
    },
    partSize,
    queueSize,
    // Only this session knows when no part is on its way any more.
    leavePartsOnError: true,
  });
  try {
    const { ETag, VersionId } = await upload.done();
    return publishedOf(content, ETag, VersionId);
  } catch (error) {
    const { uploadId, isSent } = session;
    if (uploadId !== undefined) await requests.abortUpload(uploadId, late.signal).catch(() => {});
    // The answer to the last request may have been lost.
    const there = isSent
      ? await requests.holds(publication.id, late.signal).catch(() => undefined)
      : undefined;
    if (there) return publishedOf(content, there.ETag, there.VersionId);
    signal.throwIfAborted();
    throw session.error ?? error;
  } finally {
    session.end();
    late.end();
  }
}

function publishedOf(
  content: HashedContent,
  etag: string | undefined,
  versionId: string | undefined,
): Published {
  const { bytes, sha256 } = content;
  return {
    bytes,
    sha256,
    ...(etag === undefined ? {} : { etag: etag.replaceAll('"', '') }),
    ...(versionId === undefined ? {} : { versionId }),
  };
}

/** Counts and digests bytes on their way. */
class HashedContent implements AsyncIterable<Uint8Array> {
  bytes = 0;
  readonly #chunks: AsyncIterable<Uint8Array>;
  readonly #hash = createHash('sha256');

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks;
  }

  get sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  async *[Symbol.asyncIterator]() {
    for await (const chunk of this.#chunks) {
      this.#hash.update(chunk);
      this.bytes += chunk.length;
      yield chunk;
    }
  }
}

interface UploadSessionOptions extends Pick<PublishOptions, 'requests' | 'note' | 'signal'> {
  readonly publication: Publication;
  /** Aborts a second after `signal`: time to learn the id of the upload. */
  readonly late: AbortSignal;
}

/** What one upload sends. The first error stops everything. */
class UploadSession {
  uploadId: string | undefined;
  /** Whether a request was sent that may have put the object in its place. */
  isSent = false;
  error: unknown;
  readonly #options: UploadSessionOptions;
  readonly #stop = new AbortController();
  readonly #unlink: () => void;

  constructor(options: UploadSessionOptions) {
    this.#options = options;
    this.#unlink = onAbort(options.signal, (reason) => this.#stop.abort(reason));
  }

  async send(command: object): Promise<unknown> {
    try {
      this.#stop.signal.throwIfAborted();
      return await this.#send(command);
    } catch (error) {
      this.error ??= error;
      this.#stop.abort(error);
      throw error;
    }
  }

  end(): void {
    this.#unlink();
  }

  async #send(command: object): Promise<unknown> {
    const { requests } = this.#options;
    const operation = requests.operationOf(command);
    const { signal } = this.#stop;
    if (operation.endsWith('CreateMultipartUpload')) return this.#begin(command);
    if (/(PutObject|CompleteMultipartUpload)$/.test(operation)) this.isSent = true;
    return requests.send(command, { signal });
  }

  /** No part is sent before the id is noted. */
  async #begin(command: object): Promise<unknown> {
    const { requests, publication, note, late } = this.#options;
    const begun = { ...publication, uploadBegun: new Date().toISOString() };
    await note(begun);
    // An abort does not end it at once: the id would be unknown, and the next run would have to look for it.
    const output = await requests.send(command, { signal: late });
    const { UploadId } = output as { UploadId?: string };
    this.uploadId = UploadId;
    if (UploadId !== undefined) await note({ ...begun, uploadId: UploadId });
    return output;
  }
}
