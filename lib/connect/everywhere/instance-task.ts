import type { ConnectClient } from '@aws-sdk/client-connect';
import type { Cursor } from '../../core/cursor.js';
import { PageturnError } from '../../core/errors.js';
import type { TraversalStats } from '../../listing/traversal/traversal-stats.js';
import { instances } from '../instances.js';
import { regionOf } from './client-region.js';
import { type EverywhereInstance, everywhereInstance, type InstanceOrigin } from './instance-origin.js';
import type { InstanceWalk, Walked } from './instance-walk.js';

/** A part of the work: the next page of an instance, or the instances of a client. */
export interface Task {
  /** The index of its client. */
  readonly client: number;
  /** Its turn among the tasks of its client. */
  readonly rank: number;
  /** Undefined for the instances of a client. */
  readonly instance: EverywhereInstance | undefined;
  state: 'idle' | 'running' | 'arrived' | 'failed';
  run(signal: AbortSignal): Promise<Worked>;
  /** What it has done so far; undefined before it has begun. */
  readonly stats: TraversalStats | undefined;
  /** The instance or the Region that it is about, for the report of a failure. */
  place(): Promise<Partial<InstanceOrigin>>;
  close(): void;
}

export type Worked = Walked<object> | { readonly found: readonly EverywhereInstance[] };

/** Finds the instances of a client, before any of them is listed. */
export function instancesTask(client: ConnectClient, index: number): Task {
  let walk: ReturnType<ReturnType<typeof instances>['open']> | undefined;
  return {
    client: index,
    rank: -1,
    instance: undefined,
    state: 'idle',
    async run(signal) {
      const found: EverywhereInstance[] = [];
      walk = instances(client).open({ signal });
      for await (const summary of walk) {
        if (!summary.Id) throw new PageturnError('ERR_PAGE_INVALID', 'an instance has no Id');
        found.push(everywhereInstance(summary));
      }
      return { found };
    },
    get stats() {
      return walk?.stats;
    },
    place: async () => ({ Region: await regionOf(client) }),
    close: () => {},
  };
}

interface InstanceTaskOptions {
  readonly client: number;
  readonly rank: number;
  readonly instance: EverywhereInstance;
  readonly from: Cursor;
}

/** Lists an instance, a page at a time. */
export function instanceTask(
  walk: InstanceWalk<object>,
  { client, rank, instance, from }: InstanceTaskOptions,
): Task {
  const { AccountId, Region, InstanceId, InstanceAlias } = instance;
  return {
    client,
    rank,
    instance,
    state: 'idle',
    run: (signal) => walk.next(from, signal),
    get stats() {
      return walk.stats;
    },
    place: async () => ({ AccountId, Region, InstanceId, InstanceAlias }),
    close: () => walk.close(),
  };
}
