import type { ConnectClient } from '@aws-sdk/client-connect';
import { assertClient, SEND_OPTIONS, type SendOptions } from '../../aws/create-send.js';
import { assertSignal } from '../../core/abort.js';
import { assertKnownOptions } from '../../core/assert-known-options.js';
import { invalidArgument, PageturnError } from '../../core/errors.js';
import { type FailedItemError, failedItem } from '../../core/failed-item.js';
import type { Receipt } from '../../core/receipt.js';
import { assertInstanceId } from '../assert-instance-id.js';
import { forEachResource } from '../resources/for-each-resource.js';
import { INSTANCE_RESOURCES, type InstanceResource } from '../resources/instance-resources.js';
import { createBackupListings } from './backup-listings.js';

/** Options of `backup`. */
export interface BackupOptions extends SendOptions {
  /** Aborts the backup, which then rejects with its reason; the next run resumes it. */
  readonly signal?: AbortSignal | undefined;
}

/** What a backup did with a resource, as plain JSON. */
export interface BackupResource {
  /** Such as `routing-profiles`, which is in `routing-profiles.ndjson`. */
  readonly resource: string;
  readonly operation: string;
  /** The operation that its details come from, if there is one. */
  readonly details?: string;
  /** Whether everything is in the file, details included. */
  readonly complete: boolean;
  /** The receipt of the drain into the file; absent if it failed. */
  readonly receipt?: Receipt;
  /** Why there is no new file; the one of an earlier backup stays. */
  readonly error?: FailedItemError;
  /** Why the rows have no details. */
  readonly detailsError?: FailedItemError;
}

/** The receipt of a backup: `receipt.json` in its folder. */
export interface BackupReceipt {
  readonly InstanceId: string;
  /** When the first run began, in ISO 8601. */
  readonly startedAt: string;
  readonly endedAt: string;
  /** Whether all resources are complete. */
  readonly complete: boolean;
  /** By name. */
  readonly resources: readonly BackupResource[];
}

/**
 * Writes everything that an instance has a list of into a folder, an NDJSON file for each resource, with the details of the
 * search where there is one: users have the fields of `userDetails`, names included. Several lists are read side by side,
 * each at the pace of its own quota. Each file is replaced when it has all of its rows. Resolves to the receipt, which is
 * in `receipt.json` too.
 *
 * A run that was killed or aborted is resumed by the next one: `checkpoint.json` has what is done. A list that is denied
 * or fails has an `error`, and the others are backed up; `complete` is false then, and the next backup tries all of
 * them again. Details are held in memory, those of four lists at most.
 *
 * Rejects with the first error if nothing can be listed, such as for an instance that does not exist, with
 * ERR_DESTINATION_FAILED if a file cannot be written (the next run resumes), with the service's error if the credentials
 * expire, with ERR_CURSOR_MISMATCH if the folder has an unfinished backup of another instance, with ERR_FILE_LOCKED while another run
 * uses it, and with ERR_INVALID_ARGUMENT for bad arguments before anything is sent. Needs Node.
 *
 * @example
 * const { complete, resources } = await backup(client, { InstanceId }, 'backup');
 * for (const { resource, error } of resources) if (error) console.warn(resource, error.name);
 */
export async function backup<K>(
  client: K extends ConnectClient ? K : 'backup needs a ConnectClient',
  input: { readonly InstanceId: string },
  folder: string,
  options?: BackupOptions,
): Promise<BackupReceipt>;
export async function backup(
  client: ConnectClient,
  input: { readonly InstanceId: string },
  folder: string,
  options: BackupOptions = {},
): Promise<BackupReceipt> {
  assertClient(client);
  const { InstanceId }: { readonly InstanceId?: unknown } = input ?? {};
  assertInstanceId(InstanceId);
  if (typeof folder !== 'string' || folder === '')
    throw invalidArgument('folder', 'the path of a folder', folder);
  assertKnownOptions('options', options, [...SEND_OPTIONS, 'signal']);
  const { signal, ...sending } = options;
  assertSignal(signal);
  const listings = await createBackupListings(client, InstanceId, { sending, signal });
  // Before anything is written.
  await listings.assertInstance();
  const { DrainFolder } = await import('../../node/drain-folder.js');
  const files = await DrainFolder.open<BackupResource>(folder, InstanceId, signal);
  try {
    const one = async (resource: InstanceResource, aborted: AbortSignal): Promise<BackupResource> => {
      const { name, operation, details } = resource;
      const done = files.done.get(name);
      if (done) return done;
      const { rows, detailsError } = await listings.open(resource, aborted);
      const drain = () => rows.drainTo(files.destination(name), { signal: aborted });
      const receipt = await drain().catch(async (error: unknown) => {
        // An unfinished drain with details cannot resume without them, or the other way round.
        if (!(error instanceof PageturnError) || error.code !== 'ERR_CURSOR_MISMATCH') throw error;
        await files.discard(name);
        return drain();
      });
      const result: BackupResource = {
        resource: name,
        operation,
        ...(details && { details: details.operation }),
        complete: receipt.complete && detailsError === undefined,
        receipt,
        ...(detailsError && { detailsError: errorOf(detailsError) }),
      };
      await files.keep(name, result);
      return result;
    };
    const outcomes = await forEachResource(INSTANCE_RESOURCES, one, signal);
    const resources = outcomes.map(
      ({ resource: { name, operation }, result, error }): BackupResource =>
        result ?? { resource: name, operation, complete: false, ...(error && { error: errorOf(error) }) },
    );
    const receipt: BackupReceipt = {
      InstanceId,
      startedAt: files.startedAt,
      endedAt: new Date().toISOString(),
      complete: resources.every(({ complete }) => complete),
      resources,
    };
    await files.finish(receipt);
    return receipt;
  } finally {
    await files.close();
  }
}

function errorOf(error: unknown): FailedItemError {
  return failedItem(undefined, error).error;
}
