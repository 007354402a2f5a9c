import { PageturnError } from '../../core/errors.js';
import { type FailedItemError, failedItem } from '../../core/failed-item.js';
import type { Receipt } from '../../core/receipt.js';
import type { Listing } from '../../listing/listing.js';
import type { DrainFolder } from '../../node/drain-folder.js';
import { forEachResource } from '../resources/for-each-resource.js';
import { INSTANCE_RESOURCES, type InstanceResource } from '../resources/instance-resources.js';
import type { BackupListings } from './backup-listings.js';
import { CHILD_RESOURCES, type ChildResource } from './child-resources.js';

/** What a backup did with a resource, as plain JSON. */
export interface BackupResource {
  /** Such as `routing-profiles`, which is in `routing-profiles.ndjson`. */
  readonly resource: string;
  readonly operation: string;
  /** The operation that its details come from, if there is one. */
  readonly details?: string;
  /** What it is read for, one by one, such as `queues`; each row has the id. */
  readonly parents?: string;
  /** Whether everything is in the file, details included. */
  readonly complete: boolean;
  /** The receipt of the drain into the file; absent if it failed. */
  readonly receipt?: Receipt;
  /** Why there is no new file; the one of an earlier backup stays. */
  readonly error?: FailedItemError;
  /** Why the rows have no details. */
  readonly detailsError?: FailedItemError;
}

type Resource = InstanceResource | ChildResource;

interface BackUpResourcesOptions {
  readonly listings: BackupListings;
  /** Whether to include the lists that take a request for each user. */
  readonly perUser: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Drains every list of an instance into a folder, unless an earlier run has done so; the results are sorted by name. */
export async function backUpResources(
  files: DrainFolder<BackupResource>,
  { listings, perUser, signal }: BackUpResourcesOptions,
): Promise<BackupResource[]> {
  const drain = async (name: string, rows: Listing<object>, aborted: AbortSignal) => {
    const start = () => rows.drainTo(files.destination(name), { signal: aborted });
    return start().catch(async (error: unknown) => {
      // An unfinished drain with details cannot resume without them or the other way round, and none with other parents.
      if (!(error instanceof PageturnError) || error.code !== 'ERR_CURSOR_MISMATCH') throw error;
      await files.discard(name);
      return start();
    });
  };
  const withDetails = async (resource: InstanceResource, aborted: AbortSignal): Promise<BackupResource> => {
    const { name, operation, details } = resource;
    const { rows, detailsError } = await listings.open(resource, aborted);
    const receipt = await drain(name, rows, aborted);
    return {
      resource: name,
      operation,
      ...(details && { details: details.operation }),
      complete: receipt.complete && detailsError === undefined,
      receipt,
      ...(detailsError && { detailsError: errorOf(detailsError) }),
    };
  };
  const started = new Map<string, Promise<BackupResource>>();
  const perParent = async (resource: ChildResource, aborted: AbortSignal): Promise<BackupResource> => {
    const { name, operation, parents } = resource;
    if ('resource' in parents) await started.get(parents.resource);
    const rows = await listings.openChild(resource, (parent) => files.rows(parent));
    const receipt = await drain(name, rows, aborted);
    const of = Object.values(parents).join();
    return { resource: name, operation, parents: of, complete: receipt.complete, receipt };
  };
  const backUp = async (resource: Resource, aborted: AbortSignal): Promise<BackupResource> => {
    const done = files.done.get(resource.name);
    if (done) return done;
    const result = await ('parents' in resource
      ? perParent(resource, aborted)
      : withDetails(resource, aborted));
    await files.keep(resource.name, result);
    return result;
  };
  const start = (resource: Resource, aborted: AbortSignal) => {
    const result = backUp(resource, aborted);
    started.set(resource.name, result);
    return result;
  };
  const children = CHILD_RESOURCES.filter(({ isPerUser }) => perUser || !isPerUser);
  // Parents come first, so that no list waits for one that has not begun.
  const outcomes = await forEachResource([...INSTANCE_RESOURCES, ...children], start, signal);
  return outcomes
    .map(
      ({ resource: { name, operation }, result, error }): BackupResource =>
        result ?? { resource: name, operation, complete: false, ...(error && { error: errorOf(error) }) },
    )
    .sort((a, b) => (a.resource < b.resource ? -1 : 1));
}

function errorOf(error: unknown): FailedItemError {
  return failedItem(undefined, error).error;
}
