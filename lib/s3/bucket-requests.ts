import type {
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  HeadObjectCommandOutput,
  S3Client,
} from '@aws-sdk/client-s3';
import { commandOf } from '../aws/command-of.js';
import { assertClient, createSend, type SendOptions } from '../aws/create-send.js';
import { assertHasMembers } from '../aws/incomplete-answer.js';
import { paginate } from '../aws/paginate.js';
import { fieldsOf, statusOf } from '../core/error-fields.js';
import type { PageCall } from '../core/page.js';
import { RequestStats } from '../core/request-stats.js';

/** An `S3Client`. */
export interface AnyS3Client {
  readonly config: object;
  send(...args: never): unknown;
}

/** How the requests are sent. */
export type BucketSendOptions = Pick<SendOptions, 'retry' | 'clock'>;

interface ObjectName {
  readonly bucket: string;
  readonly key: string;
}

/** What is at the key: nothing, an object, or something that the credentials may not read. */
export type ObjectState = HeadObjectCommandOutput | 'absent' | 'unreadable';

/** The requests about one object, retried. */
export class BucketRequests {
  readonly #client: AnyS3Client;
  readonly #name: { readonly Bucket: string; readonly Key: string };
  readonly #options: BucketSendOptions;
  /** Of all requests: a store that has answered one of them is waited for longer. */
  readonly #stats = new RequestStats();

  constructor(client: AnyS3Client, { bucket, key }: ObjectName, options: BucketSendOptions) {
    this.#client = client;
    this.#name = { Bucket: bucket, Key: key };
    const { retry = {}, clock } = options;
    // A part of 5 MB takes a minute over 0.7 Mbit/s.
    const patient =
      typeof retry === 'object' && !clock ? { attemptTimeoutMs: ATTEMPT_TIMEOUT_MS, ...retry } : retry;
    this.#options = { retry: patient, clock };
  }

  /** Sends a command, again and again if need be. */
  async send(command: object, { signal }: Pick<PageCall, 'signal'> = {}): Promise<unknown> {
    const sending: unknown = this.#client;
    assertClient(sending);
    const { input } = command as { input: object };
    const { operation, build } = commandOf(sending, command.constructor, input);
    const members = ALWAYS_SENT[operation.replace(/^.*\./, '')] ?? [];
    const check = (output: unknown) => assertHasMembers(output, members);
    const send = createSend<object, unknown>(sending, operation, build, this.#options, check);
    return send(input, { signal, stats: this.#stats });
  }

  /** The operation of a command, such as `S3.UploadPart`. */
  operationOf(command: object): string {
    const sending: unknown = this.#client;
    assertClient(sending);
    return commandOf(sending, command.constructor, {}).operation;
  }

  /** The client, for a library that sends through it: what it sends goes to `send`. */
  viewOf(send: (command: object) => Promise<unknown>): S3Client {
    return Object.create(this.#client, { send: { value: send } }) as S3Client;
  }

  /** Looks at the object. Rejects if there is no such bucket, or if requests to it do not get through. */
  async look(signal?: AbortSignal): Promise<ObjectState> {
    const { HeadObjectCommand: Head } = await import('@aws-sdk/client-s3');
    try {
      const command: HeadObjectCommand = new Head(this.#name);
      return (await this.send(command, { signal })) as HeadObjectCommandOutput;
    } catch (error) {
      const status = statusOf(fieldsOf(error).cause);
      if (status === undefined || status >= 500) throw error;
      if (status !== 404) return this.#probe(signal);
      await this.#assertBucket(signal);
      return 'absent';
    }
  }

  /** Whether the object is the publication of that id. */
  async holds(id: string | undefined, signal?: AbortSignal): Promise<HeadObjectCommandOutput | undefined> {
    const state = await this.look(signal);
    if (typeof state === 'string' || id === undefined || state.Metadata?.[PUBLICATION] !== id)
      return undefined;
    return state;
  }

  /** Aborts an upload, and deletes its parts. An upload that has ended is ignored. */
  async abortUpload(UploadId: string, signal: AbortSignal): Promise<void> {
    const { AbortMultipartUploadCommand } = await import('@aws-sdk/client-s3');
    // A part that was on its way may arrive after the first one ("AbortMultipartUpload" in the API reference).
    for (let times = 0; times < 3; times++) {
      try {
        await this.send(new AbortMultipartUploadCommand({ ...this.#name, UploadId }), { signal });
      } catch (error) {
        // Without the permission, only a lifecycle rule can remove it.
        if (/^(NoSuchUpload|AccessDenied|Forbidden)$/.test(nameOf(error))) return;
        throw error;
      }
    }
  }

  /** The ids of the uploads to the key that began after a time. */
  async uploadsSince(time: number, signal: AbortSignal): Promise<string[]> {
    const { ListMultipartUploadsCommand: List } = await import('@aws-sdk/client-s3');
    const { Bucket, Key } = this.#name;
    const ids: string[] = [];
    const options = { items: 'Uploads', ...this.#options } as const;
    const uploads = paginate(this.#client as S3Client, List, { Bucket, Prefix: Key }, options);
    for await (const { Key: key, UploadId, Initiated } of uploads.open({ signal })) {
      if (key === Key && UploadId !== undefined && Number(Initiated) >= time) ids.push(UploadId);
    }
    return ids;
  }

  /** An answer to HEAD has no body, so its error has no name: an answer to GET does. */
  async #probe(signal: AbortSignal | undefined): Promise<'unreadable'> {
    const { GetObjectCommand: Get } = await import('@aws-sdk/client-s3');
    try {
      const command: GetObjectCommand = new Get({ ...this.#name, Range: 'bytes=0-0' });
      const { Body } = (await this.send(command, { signal })) as { Body?: { destroy?(): void } };
      Body?.destroy?.();
    } catch (error) {
      if (!UNREADABLE.test(nameOf(error))) throw error;
    }
    return 'unreadable';
  }

  async #assertBucket(signal: AbortSignal | undefined): Promise<void> {
    const { HeadBucketCommand: Head, NoSuchBucket } = await import('@aws-sdk/client-s3');
    try {
      const command: HeadBucketCommand = new Head({ Bucket: this.#name.Bucket });
      await this.send(command, { signal });
    } catch (error) {
      // It may be one that the credentials may not list.
      if (statusOf(fieldsOf(error).cause) !== 404) return;
      throw new NoSuchBucket({ message: 'HeadBucket: 404', $metadata: { httpStatusCode: 404 } });
    }
  }
}

/** What each answer of S3 about a write has, by its API reference. */
const ALWAYS_SENT: Readonly<Record<string, readonly string[]>> = {
  PutObject: ['ETag'],
  CreateMultipartUpload: ['UploadId'],
  UploadPart: ['ETag'],
  CompleteMultipartUpload: ['ETag'],
};

/** The metadata of an object that has the id of its publication. */
export const PUBLICATION = 'pageturn-publication';

const ATTEMPT_TIMEOUT_MS = 5 * 60_000;

/** Errors of an object that may be written nevertheless: without permission to read it, encrypted, archived, or empty. */
const UNREADABLE =
  /^(AccessDenied|Forbidden|InvalidRequest|InvalidObjectState|InvalidRange|NoSuchKey|MethodNotAllowed)$|^KMS/;

function nameOf(error: unknown): string {
  return String(fieldsOf(fieldsOf(error).cause ?? error).name);
}
