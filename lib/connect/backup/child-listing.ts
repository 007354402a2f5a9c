import type { ConnectClient } from '@aws-sdk/client-connect';
import type { SendOptions } from '../../aws/create-send.js';
import type { FetchPage } from '../../core/page.js';
import { queryOf } from '../../core/query-of.js';
import { createListing } from '../../listing/create-listing.js';
import type { Listing } from '../../listing/listing.js';
import { isNotFound } from '../describe-one.js';
import { listSource } from '../list.js';
import type { ChildResource } from './child-resources.js';

interface ChildListingOptions {
  readonly client: ConnectClient;
  readonly command: unknown;
  readonly InstanceId: string;
  readonly parents: readonly string[];
  readonly sending: SendOptions;
  /** Throws if the instance is not there. */
  readonly assertInstance: () => Promise<void>;
}

/**
 * The rows of all parents as one listing, parent by parent, each row with the id of its parent. A page is a page of one
 * parent, so that a run which was killed resumes in the middle of one. A parent that was deleted since has no rows.
 */
export function childListing(
  { operation, member }: ChildResource,
  { client, command, InstanceId, parents, sending, assertInstance }: ChildListingOptions,
): Listing<object> {
  const sourceOf = (parent: string) => listSource(client, command, { InstanceId, [member]: parent }, sending);
  const fetchPage: FetchPage<object> = async (token, call) => {
    const [index, inner] = readToken(token);
    const parent = parents[index];
    if (parent === undefined) return { next: undefined };
    const { items = [], ...page } = await sourceOf(parent)
      .fetchPage(inner, call)
      .catch(async (error: unknown) => {
        if (!isNotFound(error)) throw error;
        // An instance that is being deleted answers as for a deleted parent.
        await assertInstance();
        return { items: [], next: undefined };
      });
    const after = index + 1 < parents.length ? `${index + 1}` : undefined;
    return {
      items: items.map((item) => rowOf(item, { [member]: parent })),
      next: page.next ? `${index}:${page.next}` : after,
    };
  };
  return createListing<object>({
    ...sourceOf(''),
    key: undefined,
    query: queryOf(`Connect.backup.${operation}`, { InstanceId, parents }),
    fetchPage,
  });
}

/** A few operations list texts, such as permissions. */
function rowOf(item: unknown, parent: object): object {
  return typeof item === 'object' ? { ...parent, ...item } : { ...parent, value: item };
}

/** The place of the parent among all, and the token of its list. */
function readToken(token = '0'): readonly [index: number, inner: string | undefined] {
  const colon = token.indexOf(':');
  return colon < 0 ? [Number(token), undefined] : [Number(token.slice(0, colon)), token.slice(colon + 1)];
}
