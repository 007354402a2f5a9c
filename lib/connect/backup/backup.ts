import type { ConnectClient } from '@aws-sdk/client-connect';
import { assertClient, SEND_OPTIONS, type SendOptions } from '../../aws/create-send.js';
import { assertSignal } from '../../core/abort.js';
import { assertBoolean } from '../../core/assert-boolean.js';
import { assertKnownOptions } from '../../core/assert-known-options.js';
import { invalidArgument } from '../../core/errors.js';
import { assertInstanceId } from '../assert-instance-id.js';
import { type BackupResource, backUpResources } from './back-up-resources.js';
import { createBackupListings } from './backup-listings.js';
import { type NotIncluded, notIncluded } from './not-included.js';

/** Options of `backup`. */
export interface BackupOptions extends SendOptions {
  /** Whether to include the lists that take a request for each user: `ListUserProficiencies`. Default: false. */
  readonly perUser?: boolean | undefined;
  /** Aborts the backup, which then rejects with its reason; the next run resumes it. */
  readonly signal?: AbortSignal | undefined;
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
  /** The operations that are left out, and why, by name. */
  readonly notIncluded: readonly NotIncluded[];
}

/**
 * Writes everything that an instance has a list of into a folder, an NDJSON file for each resource, with the details of the
 * search where there is one: users have the fields of `userDetails`, names included. Several lists are read side by side,
 * each at the pace of its own quota. Each file is replaced when it has all of its rows. Resolves to the receipt, which is
 * in `receipt.json` too.
 *
 * A run that was killed or aborted is resumed by the next one: `checkpoint.json` has what is done. A list that is denied
 * or fails has an `error`, and the others are backed up; a parent that is refused is named in `missing` of its list's
 * receipt, and the rows of the others are kept. `complete` is false then, and the next backup tries all of them again.
 * Details are held in memory, those of four lists at most. Rows that the search does not give, such as the queues of
 * agents, are written as the list has them; `withoutDetails` counts them.
 *
 * Rejects with the first error if nothing can be listed, such as for an instance that does not exist, with
 * ERR_DESTINATION_FAILED if a file cannot be written (the next run resumes), with the service's error if the credentials
 * expire, with ERR_CURSOR_MISMATCH if the folder has an unfinished backup of another instance, with ERR_FILE_LOCKED while
 * another run uses it, and with ERR_INVALID_ARGUMENT for bad arguments before anything is sent. Needs Node.
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
  assertKnownOptions('options', options, [...SEND_OPTIONS, 'perUser', 'signal']);
  const { perUser = false, signal, ...sending } = options;
  assertBoolean('perUser', perUser);
  assertSignal(signal);
  const listings = await createBackupListings(client, InstanceId, { sending, signal });
  // Before anything is written.
  await listings.assertInstance();
  const { DrainFolder } = await import('../../node/drain-folder.js');
  const files = await DrainFolder.open<BackupResource>(folder, InstanceId, signal);
  try {
    const resources = await backUpResources(files, { listings, perUser, signal });
    const receipt: BackupReceipt = {
      InstanceId,
      startedAt: files.startedAt,
      endedAt: new Date().toISOString(),
      complete: resources.every(({ complete }) => complete),
      resources,
      notIncluded: notIncluded(perUser),
    };
    await files.finish(receipt);
    return receipt;
  } finally {
    await files.close();
  }
}
