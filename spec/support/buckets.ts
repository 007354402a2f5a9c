import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { afterAll, beforeAll } from 'vitest';
import { listen } from './listen.js';

export interface StoredObject {
  readonly body: Buffer;
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface StoredUpload {
  readonly key: string;
  readonly initiated: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: Map<number, StoredObject>;
}

interface Bucket {
  readonly objects: Map<string, StoredObject>;
  readonly uploads: Map<string, StoredUpload>;
}

/** What happens to the next requests of an operation: an error of S3, or a lost connection. */
export interface BucketFault {
  /** Such as `UploadPart`. */
  readonly on: string;
  readonly status?: number;
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the request takes effect although it fails. */
  readonly takesEffect?: boolean;
  /** Called when the request has arrived. */
  readonly meanwhile?: () => void;
  /** Whether it is never answered. */
  readonly hangs?: boolean;
  /** The body of an answer with status 200 that something else sends in place of the store. */
  readonly answer?: string;
  /** Whether it is answered as usual. */
  readonly succeeds?: boolean;
  /** How many requests meet it. Default 1. */
  readonly times?: number;
}

export interface Buckets {
  endpoint(): string;
  client(more?: Partial<S3ClientConfig>): S3Client;
  /** Makes an empty bucket, and resolves to its name. */
  create(name?: string): string;
  object(bucket: string, key: string): StoredObject | undefined;
  put(bucket: string, key: string, text: string): void;
  /** The ids of the uploads that are neither completed nor aborted. */
  uploads(bucket: string): string[];
  /** The bytes of the parts that have arrived. */
  partBytes(bucket: string): number;
  /** The operations since this was last called. */
  requests(): string[];
  inject(...faults: readonly BucketFault[]): void;
  /** Drops the faults that no request has met. */
  clearFaults(): void;
}

/** For the head of a spec file: a small S3 that speaks HTTP, in memory, until after the last test. */
export function buckets(): Buckets {
  const store = new Map<string, Bucket>();
  let faults: (BucketFault & { left: number })[] = [];
  let log: string[] = [];
  let endpoint = '';
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  beforeAll(async () => {
    endpoint = await listen(server);
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://localhost');
    const [, bucketName = '', ...rest] = decodeURIComponent(url.pathname).split('/');
    const key = rest.join('/');
    const operation = operationOf(request.method ?? '', key, url.searchParams);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    log.push(operation);
    const fault = faults.find(({ on, left }) => on === operation && left > 0);
    if (fault) fault.left--;
    fault?.meanwhile?.();
    const headers = request.headers as Readonly<Record<string, string>>;
    const call: Call = { operation, key, query: url.searchParams, headers, body };
    if (fault && !fault.takesEffect && !fault.succeeds) return fail(fault, response, request.method);
    const answer = answerTo(store.get(bucketName), call);
    if (fault && !fault.succeeds) return fail(fault, response, request.method);
    response.writeHead(answer.status ?? 200, { 'x-amz-request-id': 'r', ...answer.headers });
    response.end(request.method === 'HEAD' ? undefined : answer.body);
  }

  return {
    endpoint: () => endpoint,
    client: (more) =>
      new S3Client({
        endpoint,
        region: 'eu-central-1',
        forcePathStyle: true,
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        ...more,
      }),
    create(name = `bucket-${store.size}`) {
      store.set(name, { objects: new Map(), uploads: new Map() });
      return name;
    },
    object: (bucket, key) => store.get(bucket)?.objects.get(key),
    put(bucket, key, text) {
      store.get(bucket)?.objects.set(key, objectOf(Buffer.from(text), {}));
    },
    uploads: (bucket) => [...(store.get(bucket)?.uploads.keys() ?? [])],
    partBytes(bucket) {
      const uploads = [...(store.get(bucket)?.uploads.values() ?? [])];
      const parts = uploads.flatMap((upload) => [...upload.parts.values()]);
      return parts.reduce((sum, { body }) => sum + body.length, 0);
    },
    requests() {
      const before = log;
      log = [];
      return before;
    },
    inject(...more) {
      faults.push(...more.map((fault) => ({ ...fault, left: fault.times ?? 1 })));
    },
    clearFaults() {
      faults = [];
    },
  };
}

function fail(fault: BucketFault, response: ServerResponse, method: string | undefined): void {
  if (fault.hangs) return;
  if (fault.answer !== undefined) {
    response.writeHead(200, fault.headers).end(fault.answer);
    return;
  }
  if (fault.status === undefined) {
    response.destroy();
    return;
  }
  const { status, body, headers } = errorOf(fault.status, fault.code ?? 'InternalError');
  response.writeHead(status ?? 500, { ...headers, ...fault.headers });
  response.end(method === 'HEAD' ? undefined : body);
}

interface Call {
  readonly operation: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

function operationOf(method: string, key: string, query: URLSearchParams): string {
  if (key === '') return query.has('uploads') ? 'ListMultipartUploads' : 'HeadBucket';
  const isUpload = query.has('uploadId');
  switch (method) {
    case 'POST':
      return isUpload ? 'CompleteMultipartUpload' : 'CreateMultipartUpload';
    case 'PUT':
      return isUpload ? 'UploadPart' : 'PutObject';
    case 'DELETE':
      return 'AbortMultipartUpload';
    default:
      return method === 'HEAD' ? 'HeadObject' : 'GetObject';
  }
}

function answerTo(bucket: Bucket | undefined, call: Call): Answer {
  const { operation, key, query, headers, body } = call;
  if (!bucket) return errorOf(404, 'NoSuchBucket');
  const { objects, uploads } = bucket;
  const id = query.get('uploadId') ?? '';
  const upload = uploads.get(id);
  if (id !== '' && !upload) return errorOf(404, 'NoSuchUpload');
  if (!hasRightChecksum(call)) return errorOf(400, 'BadDigest');
  const isTaken = headers['if-none-match'] === '*' && objects.has(key);
  switch (operation) {
    case 'HeadBucket':
      return {};
    case 'PutObject':
      if (isTaken) return errorOf(412, 'PreconditionFailed');
      objects.set(key, objectOf(body, headers));
      return { headers: { etag: objects.get(key)?.etag ?? '' } };
    case 'HeadObject':
    case 'GetObject': {
      const object = objects.get(key);
      if (!object) return errorOf(404, 'NoSuchKey');
      return { headers: { ...object.headers, etag: object.etag }, body: object.body };
    }
    case 'CreateMultipartUpload': {
      const created = randomUUID();
      uploads.set(created, { key, headers, initiated: new Date().toISOString(), parts: new Map() });
      return xml(
        `<InitiateMultipartUploadResult><UploadId>${created}</UploadId></InitiateMultipartUploadResult>`,
      );
    }
    case 'UploadPart': {
      const part = objectOf(body, headers);
      upload?.parts.set(Number(query.get('partNumber')), part);
      const checksum = headers['x-amz-checksum-crc32'];
      return { headers: { etag: part.etag, ...(checksum ? { 'x-amz-checksum-crc32': checksum } : {}) } };
    }
    case 'CompleteMultipartUpload':
      return isTaken || !upload ? errorOf(412, 'PreconditionFailed') : complete(bucket, id, upload, body);
    case 'AbortMultipartUpload':
      uploads.delete(id);
      return { status: 204 };
    default:
      return list(uploads, query.get('prefix') ?? '');
  }
}

/** 5 MiB is the least that every part but the last must have. */
const SMALLEST_PART = 5 * 1024 * 1024;

function complete(bucket: Bucket, id: string, upload: StoredUpload, body: Buffer): Answer {
  const named = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map(([, n]) => Number(n));
  const parts = named.map((number) => upload.parts.get(number));
  if (parts.length === 0 || parts.includes(undefined)) return errorOf(400, 'InvalidPart');
  const bodies = parts.flatMap((part) => part?.body ?? []);
  if (bodies.slice(0, -1).some(({ length }) => length < SMALLEST_PART)) return errorOf(400, 'EntityTooSmall');
  const object = objectOf(Buffer.concat(bodies), upload.headers);
  bucket.objects.set(upload.key, object);
  bucket.uploads.delete(id);
  return xml(`<CompleteMultipartUploadResult><ETag>${object.etag}</ETag></CompleteMultipartUploadResult>`);
}

function list(uploads: ReadonlyMap<string, StoredUpload>, prefix: string): Answer {
  const entries = [...uploads].filter(([, { key }]) => key.startsWith(prefix));
  const items = entries.map(
    ([id, { key, initiated }]) =>
      `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${initiated}</Initiated></Upload>`,
  );
  return xml(
    `<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>${items.join('')}</ListMultipartUploadsResult>`,
  );
}

function objectOf(body: Buffer, headers: Readonly<Record<string, string>>): StoredObject {
  const kept = Object.entries(headers).filter(([name]) => /^(x-amz-meta-|content-type$)/.test(name));
  const etag = `"${createHash('md5').update(body).digest('hex')}"`;
  return { body, etag, headers: Object.fromEntries(kept) };
}

function hasRightChecksum({ headers, body }: Call): boolean {
  const sent = headers['x-amz-checksum-crc32'];
  if (sent === undefined) return true;
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return sum.toString('base64') === sent;
}

function xml(body: string): Answer {
  return { headers: { 'content-type': 'application/xml' }, body: `<?xml version="1.0"?>${body}` };
}

function errorOf(status: number, code: string): Answer {
  return { ...xml(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`), status };
}
