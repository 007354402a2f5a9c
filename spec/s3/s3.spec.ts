import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, readdir, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Clock } from '../../lib/core/clock.js';
import type { Destination, DrainTotals } from '../../lib/core/destination.js';
import { csv, type Format, json, ndjson } from '../../lib/destinations/formats/index.js';
import { fromPages } from '../../lib/from-pages.js';
import type { DrainOptions } from '../../lib/listing/drain/drain.js';
import { type S3Options, s3 } from '../../lib/s3/index.js';
import { describeDestination, type Row } from '../contracts/destination.js';
import { type BucketFault, buckets } from '../support/buckets.js';
import { leapingClock } from '../support/leaping-clock.js';
import { type ManualClock, manualClock } from '../support/manual-clock.js';
import { temporaryFolders } from '../support/temporary-folders.js';

const store = buckets();
const newFolder = temporaryFolders('s3');
const KEY = 'exports/rows of ü.ndjson';
const connected: Destination<Row>[] = [];
afterAll(async () => {
  // Runs that were cut off within a call have not closed their files.
  for (const destination of connected) await destination.close().catch(() => {});
});

describeDestination(
  's3',
  async () => {
    const bucket = store.create();
    const spool = join(await newFolder(), 'rows.spool');
    const client = store.client();
    return {
      connect() {
        const destination = s3<Row>({ client, bucket, key: KEY, format: ndjson(), spool });
        connected.push(destination);
        return destination;
      },
      async published() {
        const text = store.object(bucket, KEY)?.body.toString();
        return text
          ?.split('\n')
          .slice(0, -1)
          .map((line) => JSON.parse(line) as Row);
      },
      afterKill: () => rm(`${spool}.lock`, { force: true }),
    };
  },
  { sequences: 5 },
);

let bucket: string;
let spool: string;
beforeEach(async () => {
  bucket = store.create();
  spool = join(await newFolder(), 'rows.spool');
  store.requests();
  store.clearFaults();
});

const smallRows = (count: number) => Array.from({ length: count }, (_, n) => ({ Id: `r${n}` }));
/** Rows of 1 MiB. */
const bigRows = (count: number) => smallRows(count).map((row) => ({ ...row, isBig: true }));
const bytesOf = (rows: readonly object[]) => Buffer.concat(rows.map(lineOf));
const textOf = (rows: readonly object[]) => shown(bytesOf(rows));

function lineOf(row: object): Buffer {
  const line = `${JSON.stringify(row)}\n`;
  return 'isBig' in row ? Buffer.alloc(2 ** 20, line) : Buffer.from(line);
}

/** NDJSON, and big rows without much work. */
const lines: Format<object> = {
  name: 'ndjson',
  async *encode(chunks) {
    for await (const rows of chunks) for (const row of rows) yield lineOf(row);
  },
};

function list(rows: readonly object[], clock?: Clock) {
  return fromPages(
    async (token) => {
      const at = Number(token ?? 0);
      return { items: rows.slice(at, at + 5), next: at + 5 < rows.length ? String(at + 5) : undefined };
    },
    { query: { operation: 'rows' }, clock },
  );
}

interface Run extends DrainOptions {
  readonly more?: Partial<S3Options<object>>;
  readonly faults?: readonly BucketFault[];
  /** Of the listing and the destination. */
  readonly clock?: Clock;
}

function drain(rows: readonly object[], { more, faults = [], clock, ...options }: Run = {}) {
  store.inject(...faults);
  const client = store.client();
  const target = s3<object>({
    client,
    bucket,
    key: KEY,
    format: lines,
    spool,
    clock: clock ?? leapingClock(),
    ...more,
  });
  return list(rows, clock).drainTo(target, options);
}

const textAt = (key = KEY) => shown(store.object(bucket, key)?.body);

/** Lets time pass until the work is done. */
async function passing(clock: ManualClock, work: Promise<unknown>): Promise<void> {
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  while (!isDone) await clock.advance(1_000);
  await done;
}

/** A text, or the digest of one that would take long to compare. */
function shown(bytes: Buffer | undefined): string | undefined {
  return bytes && bytes.length > 65_536 ? sha256(bytes) : bytes?.toString();
}

function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const filesIn = async () => readdir(join(spool, '..'));

describe('an object in a bucket', () => {
  it('a small object is uploaded in one request, with its bytes, digest and ETag in the receipt', async () => {
    const receipt = await drain(smallRows(12), { more: { format: csv() } });
    const object = store.object(bucket, KEY);
    expect(object?.body.toString()).toBe(
      `Id\n${smallRows(12)
        .map(({ Id }) => `${Id}\n`)
        .join('')}`,
    );
    expect(receipt).toMatchObject({
      target: `s3://${bucket}/${KEY}`,
      complete: true,
      written: 12,
      bytes: object?.body.length,
      sha256: sha256(object?.body ?? ''),
      etag: object?.etag.replaceAll('"', ''),
    });
    expect(object?.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(store.requests()).toEqual(['HeadObject', 'HeadBucket', 'PutObject']);
    expect(await filesIn()).toEqual([]);
  });

  it('a large object is uploaded in parts, each with a checksum', async () => {
    const receipt = await drain(bigRows(6));
    const bytes = bytesOf(bigRows(6));
    expect(receipt).toMatchObject({ bytes: bytes.length, sha256: sha256(bytes) });
    expect(textAt()).toBe(textOf(bigRows(6)));
    expect(store.requests().filter((name) => name === 'UploadPart')).toHaveLength(2);
    expect(store.uploads(bucket)).toEqual([]);
  });

  it('an object stays what it was the day before until the new one is whole', async () => {
    store.put(bucket, KEY, 'yesterday');
    const abort = new AbortController();
    const stop = ({ written }: DrainTotals) => void (written >= 5 && abort.abort('stop'));
    const run = { signal: abort.signal, onProgress: stop, batch: 5 };
    await expect(drain(smallRows(20), run)).rejects.toBe('stop');
    expect(textAt()).toBe('yesterday');
    expect(await filesIn()).toEqual(['rows.spool']);
    expect(await drain(smallRows(20))).toMatchObject({ resumed: 1, written: 20 });
    expect(textAt()).toBe(textOf(smallRows(20)));
  });

  it('an object has the requested members of PutObject, and the metadata of its owner', async () => {
    const object = { ContentType: 'text/plain', Metadata: { owner: 'me' } };
    await drain(smallRows(3), { more: { object, format: json() } });
    expect(store.object(bucket, KEY)?.headers).toMatchObject({
      'content-type': 'text/plain',
      'x-amz-meta-owner': 'me',
    });
  });

  it('an upload keeps no more parts in memory than it sends at once', async () => {
    let most = 0;
    let made = 0;
    const format: Format<unknown> = {
      name: 'watched',
      async *encode() {
        for (let n = 0; n < 24; n++) {
          made += 2 ** 20;
          yield new Uint8Array(2 ** 20);
          const sent = [...store.uploads(bucket)].length > 0 ? store.partBytes(bucket) : 0;
          most = Math.max(most, made - sent);
        }
      },
    };
    await drain([], { more: { format, queueSize: 2 } });
    expect(store.object(bucket, KEY)?.body.length).toBe(24 * 2 ** 20);
    // Two parts on their way, one being gathered, and a chunk or two.
    expect(most).toBeLessThanOrEqual(3 * 5 * 2 ** 20 + 4 * 2 ** 20);
  });

  it('an object that exists is refused with overwrite: false before anything is listed', async () => {
    store.put(bucket, KEY, 'mine');
    const taken = {
      code: 'ERR_DESTINATION_FAILED',
      message: `s3://${bucket}/${KEY} exists and overwrite is false; move it away, or name another key`,
    };
    await expect(drain(smallRows(3), { more: { overwrite: false } })).rejects.toMatchObject(taken);
    expect(await filesIn()).toEqual([]);
  });

  it.each([
    ['small', smallRows(3)],
    ['large', bigRows(6)],
  ])('a %s object that appears during the run is not replaced with overwrite: false', async (_, rows) => {
    const make = () => void store.put(bucket, KEY, 'mine');
    const run = drain(rows, { more: { overwrite: false }, onProgress: make });
    await expect(run).rejects.toThrow('exists and overwrite is false');
    expect(textAt()).toBe('mine');
    expect(store.uploads(bucket)).toEqual([]);
    store.requests();
  });

  it.each([
    ['PutObject', smallRows(3)],
    ['CompleteMultipartUpload', bigRows(6)],
  ])('an object is published once although the answer to %s was lost', async (on, rows) => {
    const receipt = await drain(rows, {
      faults: [{ on, takesEffect: true }],
      more: { overwrite: false },
    });
    expect(receipt).toMatchObject({ complete: true, bytes: bytesOf(rows).length });
    expect(textAt()).toBe(textOf(rows));
    expect(store.uploads(bucket)).toEqual([]);
  });

  it('an object is uploaded although the store is throttled and connections are lost', async () => {
    const faults = ['HeadObject', 'CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload'].flatMap(
      (on) => [{ on, status: 503, code: 'SlowDown', times: 4 }, { on }],
    );
    expect(await drain(bigRows(6), { faults })).toMatchObject({ complete: true });
    expect(textAt()).toBe(textOf(bigRows(6)));
  });
});

describe('an upload that does not come to its end', () => {
  it.each<[string, BucketFault]>([
    ['CreateMultipartUpload', { on: 'CreateMultipartUpload', status: 403, code: 'AccessDenied' }],
    ['a part', { on: 'UploadPart', status: 403, code: 'AccessDenied' }],
    ['CompleteMultipartUpload', { on: 'CompleteMultipartUpload', status: 400, code: 'InvalidPart' }],
  ])('an upload leaves no parts and no object if %s fails, and the next run publishes', async (_, fault) => {
    store.put(bucket, KEY, 'yesterday');
    await expect(drain(bigRows(6), { faults: [fault] })).rejects.toMatchObject({
      code: 'ERR_DESTINATION_FAILED',
      message: expect.stringContaining(`cannot publish s3://${bucket}/${KEY}: `),
    });
    expect(store.uploads(bucket)).toEqual([]);
    expect(textAt()).toBe('yesterday');
    expect(await drain(bigRows(6))).toMatchObject({ resumed: 1, complete: true });
    expect(textAt()).toBe(textOf(bigRows(6)));
  });

  const UNAVAILABLE = '<Error><Code>ServiceUnavailable</Code><Message>Please try again</Message></Error>';

  it.each<[what: string, rows: readonly object[], fault: BucketFault]>([
    ['PutObject', smallRows(3), { on: 'PutObject', answer: '' }],
    ['PutObject, which was an error', smallRows(3), { on: 'PutObject', answer: UNAVAILABLE }],
    ['CompleteMultipartUpload', bigRows(6), { on: 'CompleteMultipartUpload', answer: '' }],
    [
      'CompleteMultipartUpload, which was an error',
      bigRows(6),
      { on: 'CompleteMultipartUpload', answer: UNAVAILABLE },
    ],
    [
      'CompleteMultipartUpload, which took effect',
      bigRows(6),
      { on: 'CompleteMultipartUpload', answer: '', takesEffect: true },
    ],
    ['CreateMultipartUpload', bigRows(6), { on: 'CreateMultipartUpload', answer: '' }],
    ['UploadPart', bigRows(6), { on: 'UploadPart', answer: '' }],
  ])(
    'an object is not taken for written by an answer that does not name it: %s',
    async (_what, rows, fault) => {
      const receipt = await drain(rows, { faults: [fault] });
      expect(receipt).toMatchObject({ complete: true, bytes: bytesOf(rows).length });
      expect(textAt()).toBe(textOf(rows));
      expect(store.uploads(bucket)).toEqual([]);
    },
  );

  it('an upload sends no more parts once one has failed', async () => {
    const faults = [{ on: 'UploadPart', status: 403, code: 'AccessDenied' }];
    await expect(drain(bigRows(12), { faults, more: { queueSize: 1 } })).rejects.toThrow();
    expect(store.requests().filter((name) => name === 'UploadPart')).toHaveLength(1);
  });

  it('an upload leaves no parts if the format fails', async () => {
    const format: Format<unknown> = {
      name: 'broken',
      async *encode() {
        for (let n = 0; n < 12; n++) yield new Uint8Array(2 ** 20);
        throw new TypeError('secret');
      },
    };
    await expect(drain(smallRows(3), { more: { format } })).rejects.toMatchObject({
      code: 'ERR_DESTINATION_FAILED',
      message: expect.stringContaining('(TypeError)'),
    });
    expect(store.uploads(bucket)).toEqual([]);
    expect(textAt()).toBeUndefined();
  });

  it.each(['CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload'])(
    'an upload that is aborted during %s leaves no parts',
    async (on) => {
      const abort = new AbortController();
      const meanwhile = () => abort.abort('stop');
      const fault = {
        on,
        meanwhile,
        ...(on === 'CreateMultipartUpload' ? { succeeds: true } : { hangs: true }),
      };
      const clock = manualClock();
      await expect(drain(bigRows(6), { faults: [fault], signal: abort.signal, clock })).rejects.toBe('stop');
      expect(store.uploads(bucket)).toEqual([]);
      expect(textAt()).toBeUndefined();
      expect(await drain(bigRows(6))).toMatchObject({ resumed: 1, complete: true });
    },
  );

  const busy = (on: string): BucketFault => ({ on, status: 503, code: 'SlowDown', times: 1_000 });

  it.each<[what: string, first: BucketFault, then?: BucketFault]>([
    ['begin an upload', busy('CreateMultipartUpload')],
    ['delete its parts', { on: 'UploadPart', hangs: true }, busy('AbortMultipartUpload')],
    ['look for the object', { on: 'CompleteMultipartUpload', hangs: true }, busy('HeadObject')],
  ])('an aborted upload gives up within a second if the store is too busy to %s', async (_, first, then) => {
    const abort = new AbortController();
    const clock = manualClock();
    const meanwhile = () => {
      if (then) store.inject(then);
      abort.abort('stop');
    };
    const run = drain(bigRows(6), {
      faults: [{ ...first, meanwhile }],
      signal: abort.signal,
      clock,
    });
    const ended = expect(run).rejects.toBe('stop');
    await once(abort.signal, 'abort');
    // The grace of the drain and that of the upload, and a retry.
    await expect.poll(() => clock.sleepers).toBe(3);
    await passing(clock, ended);
    expect(clock.sleepers).toBe(0);
    store.clearFaults();
    expect(await drain(bigRows(6))).toMatchObject({ resumed: 1, complete: true });
    expect(textAt()).toBe(textOf(bigRows(6)));
    expect(store.uploads(bucket)).toEqual([]);
  });
});

describe('a run that is killed while it publishes', () => {
  /** Runs until a request has arrived, as a process that dies then. */
  async function killAt(rows: readonly object[], fault: BucketFault): Promise<void> {
    await new Promise<void>((resolve) => {
      drain(rows, { faults: [{ ...fault, hangs: true, meanwhile: () => setImmediate(resolve) }] }).catch(
        () => {},
      );
    });
    await rm(`${spool}.lock`);
  }

  it.each<[string, BucketFault]>([
    ['before the upload has begun', { on: 'CreateMultipartUpload' }],
    ['before it knows the id of the upload', { on: 'CreateMultipartUpload', takesEffect: true }],
    ['before a part has arrived', { on: 'UploadPart' }],
    ['when a part has arrived', { on: 'UploadPart', takesEffect: true }],
    ['before the parts are joined', { on: 'CompleteMultipartUpload' }],
  ])('a run that is killed %s leaves no parts once the next run has ended', async (_, fault) => {
    store.put(bucket, KEY, 'yesterday');
    await killAt(bigRows(6), fault);
    expect(textAt()).toBe('yesterday');
    const receipt = await drain(bigRows(6));
    expect(receipt).toMatchObject({ complete: true, resumed: 1, written: 6 });
    expect(textAt()).toBe(textOf(bigRows(6)));
    expect(store.uploads(bucket)).toEqual([]);
  });

  it('a run that is killed leaves no parts once a next run with less to upload has ended', async () => {
    await killAt(bigRows(6), { on: 'UploadPart' });
    expect(store.uploads(bucket)).toHaveLength(1);
    const receipt = await drain(bigRows(6), { more: { format: csv() } });
    expect(receipt).toMatchObject({ resumed: 1, written: 6 });
    expect(store.uploads(bucket)).toEqual([]);
  });

  it.each([
    ['PutObject', smallRows(3)],
    ['CompleteMultipartUpload', bigRows(6)],
  ])(
    'a run that was killed after %s took effect is not published again, and the next run starts from the first item',
    async (on, rows) => {
      await killAt(rows, { on, takesEffect: true });
      expect(textAt()).toBe(textOf(rows));
      const receipt = await drain([{ Id: 'today' }]);
      expect(receipt).toMatchObject({ complete: true, resumed: 0, written: 1 });
      expect(textAt()).toBe(textOf([{ Id: 'today' }]));
      expect(store.uploads(bucket)).toEqual([]);
    },
  );

  it('the run after a kill deletes no uploads to other keys, and none that were there before', async () => {
    vi.setSystemTime(Date.now() - 60 * 60_000);
    await killAt(bigRows(6), { on: 'UploadPart', takesEffect: true });
    vi.useRealTimers();
    await rm(spool);
    const other = join(await newFolder(), 'rows.spool');
    await new Promise<void>((resolve) => {
      const hanging = { on: 'UploadPart', hangs: true, meanwhile: () => setImmediate(resolve) };
      drain(bigRows(6), { more: { key: `${KEY}-2`, spool: other }, faults: [hanging] }).catch(() => {});
    });
    const before = store.uploads(bucket);
    expect(before).toHaveLength(2);
    await killAt(bigRows(6), { on: 'CreateMultipartUpload', takesEffect: true });
    expect(store.uploads(bucket)).toHaveLength(3);
    await drain(bigRows(6));
    expect(store.uploads(bucket)).toEqual(before);
  });

  it.each<[what: string, killed: BucketFault, busy: string]>([
    ['whose id is known', { on: 'UploadPart' }, 'AbortMultipartUpload'],
    ['whose id is not known', { on: 'CreateMultipartUpload' }, 'ListMultipartUploads'],
  ])('an abort ends the clean-up of an earlier upload %s at once', async (_, killed, on) => {
    await killAt(bigRows(6), killed);
    const abort = new AbortController();
    const clock = manualClock();
    const meanwhile = () => abort.abort('stop');
    const fault = { on, status: 503, code: 'SlowDown', times: 1_000, meanwhile };
    await expect(drain(bigRows(6), { faults: [fault], signal: abort.signal, clock })).rejects.toBe('stop');
    expect(clock.sleepers).toBe(0);
    store.clearFaults();
    expect(await drain(bigRows(6))).toMatchObject({ resumed: 1, complete: true });
    expect(store.uploads(bucket)).toEqual([]);
  });
});

describe('a bucket that cannot be used', () => {
  const missing = () =>
    Promise.reject(Object.assign(new Error('none'), { name: 'CredentialsProviderError' }));
  const region = { headers: { 'x-amz-bucket-region': 'us-west-2' } };

  it.each<[string, Partial<S3Options<object>>, BucketFault[]]>([
    ['the bucket does not exist; create it, or correct its name', { bucket: 'missing' }, []],
    [
      'the bucket is in another Region (us-west-2); create the client with that Region',
      {},
      ['HeadObject', 'GetObject'].map((on) => ({ on, status: 301, code: 'PermanentRedirect', ...region })),
    ],
    [
      'the bucket is in another Region (us-west-2); create the client with that Region',
      {},
      ['HeadObject', 'GetObject'].map((on) => ({
        on,
        status: 400,
        code: 'AuthorizationHeaderMalformed',
        ...region,
      })),
    ],
    [
      'the credentials were rejected (InvalidAccessKeyId); renew them',
      {},
      ['HeadObject', 'GetObject'].map((on) => ({ on, status: 403, code: 'InvalidAccessKeyId' })),
    ],
    [
      'the credentials were rejected (ExpiredToken); renew them',
      {},
      ['HeadObject', 'GetObject'].map((on) => ({ on, status: 400, code: 'ExpiredToken' })),
    ],
    [
      'no AWS credentials were found; configure them, for example with AWS_PROFILE',
      'credentials' as never,
      [],
    ],
  ])(
    'a bucket that cannot be used is refused before anything is listed: %s',
    async (message, more, faults) => {
      const options =
        more === ('credentials' as never) ? { client: store.client({ credentials: missing }) } : more;
      const listed = vi.fn(() => Promise.resolve({ items: [], next: undefined }));
      store.inject(...faults);
      const destination = s3({
        client: store.client(),
        bucket,
        key: KEY,
        format: ndjson(),
        spool,
        ...options,
      });
      const rows = fromPages(listed, { query: { operation: 'rows' } });
      await expect(rows.drainTo(destination)).rejects.toMatchObject({
        code: 'ERR_DESTINATION_FAILED',
        message: `cannot open s3://${options.bucket ?? bucket}/${KEY}: ${message}`,
        cause: expect.any(Error),
      });
      expect(listed).not.toHaveBeenCalled();
      expect(await filesIn()).toEqual([]);
    },
  );

  it('an object is written although the objects of its bucket may not be read', async () => {
    const faults = ['HeadObject', 'GetObject'].map((on) => ({ on, status: 403, code: 'AccessDenied' }));
    expect(await drain(smallRows(3), { faults })).toMatchObject({ complete: true });
  });

  it('a bucket that may not be written to is an error that names the missing permission', async () => {
    const faults = [{ on: 'PutObject', status: 403, code: 'AccessDenied' }];
    await expect(drain(smallRows(3), { faults })).rejects.toThrow(
      `cannot publish s3://${bucket}/${KEY}: the credentials do not allow it; allow s3:PutObject`,
    );
    expect(await drain(smallRows(3))).toMatchObject({ complete: true, resumed: 1 });
  });

  it.each([
    [{ client: {} }, 'client must be an S3Client'],
    [{ client: { send() {}, config: { serviceId: 'DynamoDB' } } }, 'client must be an S3Client'],
    [{ bucket: '' }, 'bucket must be a text that is not empty'],
    [{ key: undefined }, 'key must be a text that is not empty'],
    [{ format: csv }, 'format must be a format, such as csv()'],
    [{ overwrite: 'no' }, 'overwrite must be true or false'],
    [{ spool: '' }, 'spool must be a text that is not empty'],
    [{ partSize: 1_000 }, 'partSize must be a whole number of bytes from 5242880'],
    [{ queueSize: 0 }, 'queueSize must be a whole number from 1'],
    [{ object: { Key: 'x' } }, 'object.Key must be left out, because pageturn sets it'],
    [{ object: null }, 'object must be members of PutObject'],
    [{ acl: 'private' }, 'unknown option "acl" in options of s3'],
  ])('s3 refuses the options %j', (more, message) => {
    const options = {
      client: store.client(),
      bucket: 'b',
      key: 'k',
      format: csv(),
      ...more,
    } as S3Options<object>;
    expect(() => s3(options)).toThrow(message);
  });
});

describe('the spool of an object', () => {
  const home = () => join(tmpdir(), `pageturn-${userInfo().uid}`);

  /** Makes the folder of temporary files another one for the rest of the test. */
  async function withTemporaryFolder(work: () => Promise<void>): Promise<void> {
    vi.stubEnv('TMPDIR', await newFolder());
    try {
      await work();
    } finally {
      vi.unstubAllEnvs();
    }
  }

  async function leaveUnfinished(more: Partial<S3Options<object>> = {}): Promise<void> {
    const abort = new AbortController();
    const stop = () => abort.abort('stop');
    const run = { signal: abort.signal, onProgress: stop, batch: 5, more: { spool: undefined, ...more } };
    await expect(drain(smallRows(20), run)).rejects.toBe('stop');
  }

  it('the spool is in a folder of this user alone, one for each object and store', async () => {
    await withTemporaryFolder(async () => {
      await leaveUnfinished();
      await leaveUnfinished({ key: 'other' });
      const elsewhere = store.client({ endpoint: store.endpoint().replace('127.0.0.1', 'localhost') });
      await leaveUnfinished({ client: elsewhere });
      const files = await readdir(home());
      expect(files).toHaveLength(3);
      expect(files.join()).toContain(`${bucket}-exports-rows-of-`);
      expect((await stat(home())).mode & 0o777).toBe(0o700);
      expect(await drain(smallRows(20), { more: { spool: undefined } })).toMatchObject({ resumed: 1 });
      expect(await readdir(home())).toHaveLength(2);
    });
  });

  it.each([
    ['that others may read', async () => void (await mkdir(home()).then(() => chmod(home(), 0o755)))],
    ['that is a link', async () => symlink(await newFolder(), home())],
  ])('the spool is not made in a folder %s', async (_, make) => {
    await withTemporaryFolder(async () => {
      await make();
      await expect(drain(smallRows(3), { more: { spool: undefined } })).rejects.toMatchObject({
        code: 'ERR_DESTINATION_FAILED',
        message: expect.stringContaining(
          'is not a folder of this user alone (mode 0700); remove it, or pass a path',
        ),
      });
    });
  });

  it('a second run into the same object is refused by the lock of the spool', async () => {
    const first = s3({ client: store.client(), bucket, key: KEY, format: ndjson(), spool });
    const { signal } = new AbortController();
    await first.open({ query: { operation: 'rows', input: {} }, chain: [] }, { signal });
    await expect(drain(smallRows(3))).rejects.toMatchObject({ code: 'ERR_FILE_LOCKED' });
    await first.close();
    expect(await drain(smallRows(3))).toMatchObject({ complete: true });
  });
});

it('a store that knows no checksums takes an object too', async () => {
  const client = store.client({ requestChecksumCalculation: 'WHEN_REQUIRED' });
  await drain(bigRows(6), { more: { client } });
  expect(textAt()).toBe(textOf(bigRows(6)));
});
