import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Receipt } from '../../lib/core/receipt.js';
import { type BucketFault, buckets } from '../support/buckets.js';
import { runUntilKilled } from '../support/run-until-killed.js';
import { scriptPath } from '../support/script.js';
import { temporaryFolders } from '../support/temporary-folders.js';

const store = buckets();
const newFolder = temporaryFolders('killed-s3');

interface Kill {
  /** How many totals are printed before. */
  readonly afterLines?: number;
  /** The request that it dies in. */
  readonly at?: BucketFault;
}

const KILLS: readonly Kill[] = [
  { afterLines: 1 },
  { afterLines: 7 },
  { at: { on: 'CreateMultipartUpload' } },
  { at: { on: 'CreateMultipartUpload', takesEffect: true } },
  { at: { on: 'UploadPart' } },
  { at: { on: 'UploadPart', takesEffect: true } },
  { at: { on: 'CompleteMultipartUpload' } },
];

/** Runs the drain in its own process; resolves to the last line that it printed. */
function run(bucket: string, spool: string, { afterLines, at }: Kill = {}): Promise<string> {
  return runUntilKilled([scriptPath('s3/drain-child'), store.endpoint(), bucket, spool], {
    killAfter: afterLines,
    onStart: (meanwhile) => at && store.inject({ ...at, hangs: true, meanwhile }),
  });
}

it('a drain into an object that is killed at every request ends in one object, and no parts are left', async () => {
  const bucket = store.create();
  const folder = await newFolder();
  const spool = join(folder, 'rows.spool');
  store.put(bucket, 'rows.ndjson', 'yesterday');
  for (const kill of KILLS) {
    await run(bucket, spool, kill);
    expect(store.object(bucket, 'rows.ndjson')?.body.toString()).toBe('yesterday');
    expect(store.uploads(bucket).length).toBeLessThanOrEqual(1);
  }
  const receipt = JSON.parse(await run(bucket, spool)) as Receipt;
  const body = store.object(bucket, 'rows.ndjson')?.body ?? Buffer.alloc(0);
  const ids = body
    .toString()
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { Id: string }).Id);
  expect(ids).toEqual(Array.from({ length: 2_000 }, (_, n) => `r${n}`));
  const resumed = KILLS.length;
  expect(receipt).toMatchObject({ complete: true, items: 2_000, written: 2_000, resumed });
  expect(receipt.sha256).toBe(createHash('sha256').update(body).digest('hex'));
  expect(store.uploads(bucket)).toEqual([]);
  expect(await readdir(folder)).toEqual([]);
});
