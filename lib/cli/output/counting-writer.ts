import type { UserSummary } from '@aws-sdk/client-connect';
import type { RecordWriter } from './record-writer.js';

/** A writer that counts the users passed to it. */
export interface CountingWriter extends RecordWriter<UserSummary> {
  readonly count: number;
  /** The number of distinct Ids; undefined unless `countsDistinct` is set. */
  readonly distinct: number | undefined;
}

interface CountingWriterOptions {
  /** Whether to remember every Id. */
  readonly countsDistinct: boolean;
  /** Users to pass on; the rest are only counted. */
  readonly maxRows: number;
}

export function countingWriter(
  writer: RecordWriter<UserSummary>,
  { countsDistinct, maxRows }: CountingWriterOptions,
): CountingWriter {
  const ids = countsDistinct ? new Set<string | undefined>() : undefined;
  let count = 0;
  return {
    get count() {
      return count;
    },
    get distinct() {
      return ids?.size;
    },
    write(user) {
      count++;
      ids?.add(user.Id);
      return count > maxRows ? undefined : writer.write(user);
    },
    end: () => writer.end(),
  };
}
