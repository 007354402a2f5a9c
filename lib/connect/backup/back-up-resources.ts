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
  /** Whether all rows are in the file, and the search for their details was read to its end. */
  readonly complete: boolean;
  /**
   * How many rows have no details although the search was read to its end: it did not give them, such as the queues of
   * agents. Absent if it gave all, and where there is no search or it failed.
   */
  readonly withoutDetails?: number;
  /** The receipt of the drain into the file; absent if it failed. `missing` names the parents that could not be read. */
  readonly receipt?: Receipt;
  /** Why there is no new file; the one of an earlier backup stays. */
  readonly error?: FailedItemError;
  /** Why the rows have no details: the search for them failed, or found none. */
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
  const children = CHILD_RESOURCES.filter(({ isPerUser }) => perUser || !isPerUser);
  // Parents come first, so that no list waits for one that has not begun.
  const resources: readonly Resource[] = [...INSTANCE_RESOURCES, ...children];
  const run = new BackupRun(files, listings);
  const outcomes = await forEachResource(
    resources,
    (resource, aborted) => run.start(resource, aborted),
    signal,
  );
  const results: BackupResource[] = [];
  for (const { resource, result, error } of outcomes) {
    const { name, operation } = resource;
    results.push(
      result ?? { resource: name, operation, complete: false, ...(error && { error: errorOf(error) }) },
    );
    // The next backup reads the list as it is then.
    if (error) await files.discard(name);
  }
  return results.sort((a, b) => (a.resource < b.resource ? -1 : 1));
}

class BackupRun {
  readonly #files: DrainFolder<BackupResource>;
  readonly #listings: BackupListings;
  readonly #started = new Map<string, Promise<BackupResource>>();

  constructor(files: DrainFolder<BackupResource>, listings: BackupListings) {
    this.#files = files;
    this.#listings = listings;
  }

  start(resource: Resource, signal: AbortSignal): Promise<BackupResource> {
    const result = this.#backUp(resource, signal);
    this.#started.set(resource.name, result);
    return result;
  }

  async #backUp(resource: Resource, signal: AbortSignal): Promise<BackupResource> {
    const done = this.#files.done.get(resource.name);
    if (done && (await this.#files.isWhole(resource.name, done.receipt))) return done;
    const result = await ('parents' in resource
      ? this.#perParent(resource, signal)
      : this.#withDetails(resource, signal));
    await this.#files.keep(resource.name, result);
    return result;
  }

  async #withDetails(resource: InstanceResource, signal: AbortSignal): Promise<BackupResource> {
    const { name, operation, details } = resource;
    const opened = await this.#listings.open(resource, signal);
    const { rows, detailsError: refused, hasNoDetails } = opened;
    const receipt = await this.#drain(name, rows, signal);
    const detailsError =
      hasNoDetails && receipt.items > 0 ? foundNothing(details?.operation ?? operation) : refused;
    // Counted in the file, which has the rows of earlier runs too.
    const withoutDetails =
      details && !detailsError ? await opened.countWithoutDetails(this.#files.rows(name)) : 0;
    return {
      resource: name,
      operation,
      ...(details && { details: details.operation }),
      complete: receipt.complete && detailsError === undefined,
      ...(withoutDetails > 0 && { withoutDetails }),
      receipt,
      ...(detailsError && { detailsError: errorOf(detailsError) }),
    };
  }

  async #perParent(resource: ChildResource, signal: AbortSignal): Promise<BackupResource> {
    const { name, operation, parents } = resource;
    if ('resource' in parents) await this.#started.get(parents.resource);
    const rows = await this.#listings.openChild(resource, (parent) => this.#files.rows(parent));
    const receipt = await this.#drain(name, rows, signal);
    const of = Object.values(parents).join();
    return { resource: name, operation, parents: of, complete: receipt.complete, receipt };
  }

  async #drain(name: string, rows: Listing<object>, signal: AbortSignal): Promise<Receipt> {
    const start = () => rows.drainTo(this.#files.destination(name), { signal });
    try {
      return await start();
    } catch (error) {
      // An unfinished drain with details cannot resume without them or the other way round, and none with other parents.
      if (!(error instanceof PageturnError) || error.code !== 'ERR_CURSOR_MISMATCH') throw error;
      await this.#files.discard(name);
      return start();
    }
  }
}

/** A search that finds nothing although there are rows was filtered or not answered. */
function foundNothing(operation: string): PageturnError {
  const cause = new Error(
    `${operation} found none of them; check what the credentials may search for, and run the backup again`,
  );
  return new PageturnError('ERR_PAGE_INVALID', cause.message, { cause });
}

function errorOf(error: unknown): FailedItemError {
  return failedItem(undefined, error).error;
}
