import type { Publication } from '../node/spool/spool-lines.js';
import type { BucketRequests } from './bucket-requests.js';

/**
 * Cleans up after a run that ended while it published: deletes the parts it had uploaded. Resolves to whether the object was
 * put in its place after all.
 */
export async function settleEarlier(
  { id, uploadBegun, uploadId }: Publication,
  requests: BucketRequests,
  signal: AbortSignal,
): Promise<boolean> {
  if (uploadId !== undefined) await requests.abortUpload(uploadId, signal);
  else if (uploadBegun !== undefined) {
    // It ended before the store answered with the id, or before that was noted.
    const since = Date.parse(uploadBegun) - CLOCK_SKEW_MS;
    for (const upload of await requests.uploadsSince(since, signal).catch(() => []))
      await requests.abortUpload(upload, signal);
  }
  return (await requests.holds(id, signal)) !== undefined;
}

/** S3 refuses requests of a clock that differs by more (RequestTimeTooSkewed). */
const CLOCK_SKEW_MS = 15 * 60_000;
