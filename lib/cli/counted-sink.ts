import type { UserSummary } from '@aws-sdk/client-connect';
import type { Sink } from './output/sink.js';

/** A sink that counts the users it takes. */
export interface CountedSink extends Sink<UserSummary> {
  readonly count: number;
  /** How many different ones there were, where that was asked for. */
  readonly distinct: number | undefined;
}

interface CountedSinkOptions {
  /** Whether to keep the Ids, to tell the users apart. */
  readonly keepsIds: boolean;
  /** How many users to hand on; the rest is counted only. */
  readonly rows: number;
}

export function countedSink(sink: Sink<UserSummary>, { keepsIds, rows }: CountedSinkOptions): CountedSink {
  const ids = keepsIds ? new Set<string | undefined>() : undefined;
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
      return count > rows ? undefined : sink.write(user);
    },
    end: () => sink.end(),
  };
}
