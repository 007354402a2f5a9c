import type { ConnectClient } from '@aws-sdk/client-connect';
import { assertClient } from '../../aws/create-send.js';
import { assertFunction } from '../../core/assert-function.js';
import { assertKnownOptions } from '../../core/assert-known-options.js';
import { assertWholeNumber } from '../../core/assert-whole-number.js';
import type { Clock } from '../../core/clock.js';
import { invalidArgument, PageturnError } from '../../core/errors.js';
import { readableKey } from '../../core/identity.js';
import { queryOf } from '../../core/query-of.js';
import { createListing } from '../../listing/create-listing.js';
import type { Listing } from '../../listing/listing.js';
import type { OpenSource, SourceRun } from '../../listing/listing-source.js';
import type { EverywhereInstance, FromInstance } from './instance-origin.js';
import type { InstanceFailure } from './instances-failed.js';
import { SideBySide, type SideBySideSettings } from './side-by-side.js';

/** Options of `everywhere`. */
export interface EverywhereOptions<K, T extends object> {
  /** A client for each account and Region. Those of one account and Region count once. */
  readonly clients: readonly (K extends ConnectClient ? K : 'everywhere needs ConnectClients')[];
  /**
   * The listing of an instance: `listUsers`, `userDetails`, `list` of any operation, with operators. Undefined leaves the
   * instance out. It is called once for each instance of a run, before anything is sent to that instance.
   */
  readonly list: (client: K, instance: EverywhereInstance) => Listing<T> | undefined;
  /** How many instances are listed at a time. Each has at most one page in memory. Default 8. */
  readonly concurrency?: number | undefined;
  /**
   * Called, and awaited, for each instance that fails, and each client whose instances cannot be listed. With it, the
   * listing ends as `partial` when the other instances are done; without it, with ERR_LISTING_INCOMPLETE.
   */
  readonly onFailed?: ((failure: InstanceFailure) => void | Promise<void>) | undefined;
  /** What to do when the service rejects a token: fail, or start over in all instances, so that rows repeat. Default `'fail'`. */
  readonly onTokenRejected?: 'fail' | 'restart' | undefined;
  /** Aborts every traversal of the listing. */
  readonly signal?: AbortSignal | undefined;
  /** The clock of the listing. Those of the instances have their own. Default: the runtime's. */
  readonly clock?: Clock | undefined;
}

/**
 * Lists the same thing in every Amazon Connect instance of several Regions and accounts, side by side, each at the pace of
 * its own quota. Each row says where it comes from: `AccountId`, `Region`, `InstanceId` and `InstanceAlias`. Rows of one
 * instance keep their order; those of different ones come as they arrive. It is a listing like any other: operators,
 * cursors, checkpoints and `drainTo` cover all instances together.
 *
 * An instance that fails does not stop the others. When these are done, the traversal fails with ERR_LISTING_INCOMPLETE,
 * which names the instances, and its cursor continues with them alone. With `onFailed` it ends as `partial` instead, and a
 * drain publishes the rest: `receipt.complete` is false, and `receipt.missing` names the instances.
 *
 * The instances of a client are listed once, when a run begins. A run that resumes has the same ones: an instance that was
 * created since comes with the next run, and one that was deleted fails.
 *
 * Throws ERR_INVALID_ARGUMENT for bad arguments. A traversal fails at once, whatever the other instances do, if `list`
 * returns something else than a listing (ERR_INVALID_ARGUMENT) or throws (ERR_CALLBACK_FAILED), and with ERR_TOKEN_REJECTED.
 *
 * @example
 * const clients = ['eu-central-1', 'us-east-1'].map((region) => new ConnectClient({ region }));
 * const users = everywhere({ clients, list: (client, { InstanceId }) => listUsers(client, { InstanceId }) });
 * for await (const { Region, InstanceAlias, Username } of users) console.log(Region, InstanceAlias, Username);
 */
export function everywhere<K, T extends object>(options: EverywhereOptions<K, T>): Listing<FromInstance<T>>;
export function everywhere(options: EverywhereOptions<ConnectClient, object>): Listing<object> {
  assertKnownOptions('options of everywhere', options, OPTIONS);
  const { clients, list, concurrency = 8, onFailed, onTokenRejected, signal, clock } = options;
  assertClients(clients);
  assertFunction('list', list);
  assertWholeNumber('concurrency', concurrency, 1);
  if (onFailed !== undefined) assertFunction('onFailed', onFailed);
  const settings = { clients: [...clients], list, concurrency, onFailed };
  return createListing<object>({
    open: (run) => openInstances(settings, run),
    isUnordered: true,
    query: queryOf('Connect.everywhere', { clients: clients.length }),
    key: keyOf,
    onTokenRejected,
    isTokenRejected: (error) => error instanceof PageturnError && error.code === 'ERR_TOKEN_REJECTED',
    signal,
    clock,
  });
}

const OPTIONS = ['clients', 'list', 'concurrency', 'onFailed', 'onTokenRejected', 'signal', 'clock'];

function assertClients(clients: unknown): void {
  if (!Array.isArray(clients) || clients.length === 0)
    throw invalidArgument('clients', 'a list of at least one ConnectClient', clients);
  for (const client of clients) assertClient(client);
  if (new Set(clients).size < clients.length)
    throw invalidArgument('clients', 'different clients', 'the same one twice');
}

/** Ids are unique in an instance. */
function keyOf(row: object): string {
  const { InstanceId }: { readonly InstanceId?: unknown } = row;
  return `${InstanceId} ${readableKey(row)}`;
}

function openInstances(settings: SideBySideSettings, { scope, stats }: SourceRun): OpenSource<object> {
  let all: SideBySide | undefined;
  const close = () => {
    all?.close();
    all = undefined;
  };
  scope.onPause(close);
  return {
    async fetchPage(token) {
      const { pauses } = scope;
      let current = all;
      if (!current || current.token !== token) {
        close();
        current = await SideBySide.open(settings, token, stats);
        if (scope.pauses === pauses) all = current;
        else current.close();
      }
      try {
        return await current.nextPage();
      } catch (error) {
        if (scope.pauses === pauses) close();
        throw error;
      }
    },
    get shortfall() {
      return all?.shortfall;
    },
    close,
  };
}
