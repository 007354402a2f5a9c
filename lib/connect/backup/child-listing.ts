import type { ConnectClient } from '@aws-sdk/client-connect';
import type { SendOptions } from '../../aws/create-send.js';
import type { FetchPage, Page } from '../../core/page.js';
import { queryOf } from '../../core/query-of.js';
import { createListing } from '../../listing/create-listing.js';
import type { Listing } from '../../listing/listing.js';
import type { OpenSource, Shortfall } from '../../listing/listing-source.js';
import { isNotFound } from '../describe-one.js';
import { listSource } from '../list.js';
import { type ChildPlace, readPlace, writePlace } from './child-place.js';
import type { ChildResource } from './child-resources.js';
import { type FailedParents, isOfParent, parentsFailed, withFailure } from './failed-parents.js';

/** What a list is read for. */
export interface ParentIds {
  readonly parents: readonly string[];
  /** Parents that the service gave without an id, so that nothing can be read for them. */
  readonly withoutId: number;
}

interface ChildListingOptions extends ParentIds {
  readonly client: ConnectClient;
  readonly command: unknown;
  readonly InstanceId: string;
  readonly sending: SendOptions;
  /** Throws if the instance is not there. */
  readonly assertInstance: () => Promise<void>;
}

/** If so many parents cannot be read, from the first one on, none can; of users there may be 10,000 to try. */
const GIVE_UP_AFTER = 10;

/**
 * The rows of all parents as one listing, parent by parent, each row with the id of its parent. A page is a page of one
 * parent, so that a run which was killed resumes in the middle of one. A parent that was deleted since has no rows. One
 * that the service refuses is named at the end, which is `partial`, unless all are: that is the error of the listing. So
 * are parents without an id, by their number.
 */
export function childListing(resource: ChildResource, options: ChildListingOptions): Listing<object> {
  const { operation } = resource;
  const { InstanceId, parents } = options;
  return createListing<object>({
    ...sourceOf('', resource, options),
    key: undefined,
    // How many had no id is not part of it: a run that was killed resumes with the same parents.
    query: queryOf(`Connect.backup.${operation}`, { InstanceId, parents }),
    open: () => openParents(resource, options),
  });
}

function openParents(resource: ChildResource, options: ChildListingOptions): OpenSource<object> {
  const { parents } = options;
  let shortfall: Shortfall | undefined;
  const fetchPage: FetchPage<object> = async (pageToken, call) => {
    const place = readPlace(pageToken);
    const id = parents[place.parent];
    if (id === undefined) {
      shortfall = shortfallOf(place.failed, resource, options);
      return { next: undefined };
    }
    const source = sourceOf(id, resource, options);
    let page: Page<never> = { next: undefined };
    let { failed } = place;
    try {
      page = await source.fetchPage(place.token, call);
    } catch (error) {
      const isOfToken = place.token !== undefined && source.isTokenRejected?.(error);
      if (isOfToken || !isOfParent(error)) throw error;
      // An instance that is being deleted answers as for a deleted parent.
      if (isNotFound(error)) await options.assertInstance();
      else failed = withFailure(failed, id, error);
      if (failed.count >= Math.min(GIVE_UP_AFTER, parents.length) && failed.count > place.parent) throw error;
    }
    const next = nextPlace(place, page.next, parents.length);
    if (!next) shortfall = shortfallOf(failed, resource, options);
    return {
      items: (page.items ?? []).map((item) => rowOf(item, { [resource.member]: id })),
      next: next && writePlace({ ...next, failed }),
    };
  };
  return {
    fetchPage,
    get shortfall() {
      return shortfall;
    },
  };
}

function shortfallOf(
  failed: FailedParents,
  resource: ChildResource,
  { parents, withoutId }: ParentIds,
): Shortfall | undefined {
  if (failed.count + withoutId === 0) return undefined;
  const all = parents.length + withoutId;
  return { reason: 'partial', error: parentsFailed(failed, { all, withoutId, noun: nounOf(resource) }) };
}

function sourceOf(
  parent: string,
  { member }: ChildResource,
  { client, command, InstanceId, sending }: ChildListingOptions,
) {
  return listSource(client, command, { InstanceId, [member]: parent }, sending);
}

/** The next page of the same parent, or the first one of the next; undefined after the last. */
function nextPlace(
  { parent }: ChildPlace,
  token: string | null | undefined,
  parents: number,
): Omit<ChildPlace, 'failed'> | undefined {
  if (token) return { parent, token };
  return parent + 1 < parents ? { parent: parent + 1 } : undefined;
}

/** A few operations list texts, such as permissions. */
function rowOf(item: unknown, parent: object): object {
  return typeof item === 'object' ? { ...parent, ...item } : { ...parent, value: item };
}

/** What the parents are, in words, such as `routing profiles`. */
function nounOf({ parents, member }: ChildResource): string {
  return 'resource' in parents ? parents.resource.replaceAll('-', ' ') : `values of ${member}`;
}
