import { START } from './directory.js';
import type { PageRequest } from './operation.js';
import { type Page, pageOf } from './page-of.js';
import { listResources } from './resources.js';
import { assertRequired } from './sample-listing.js';
import { notFound } from './service-error.js';

/** ListChildHoursOfOperations: the first hours are the parent of all others. */
export function listChildHours({ instance, input, ...request }: PageRequest): Page {
  const [first, ...others] = instance ? listResources('hoursOfOperation', instance) : [];
  const children = first?.Id === input['HoursOfOperationId'] ? others : [];
  return pageOf(
    children.map(({ Name, Id, Arn }) => ({ Name, Id, Arn })),
    request,
  );
}

/** ListTrafficDistributionGroupUsers: the first users of the account's first instance, in every group. */
export function listGroupUsers({ account, ...request }: PageRequest): Page {
  const { directory } = account.instances[0] ?? {};
  const users: object[] = [];
  for (const key of directory?.keysAfter(START) ?? []) {
    if (users.length === GROUP_USERS) break;
    users.push({ UserId: directory?.summary(key).Id });
  }
  return pageOf(users, request);
}

const GROUP_USERS = 6;

/** ListEntitySecurityProfiles: those of a user; an agent that is not a user has the first one. */
export function listEntityProfiles({ instance, input, ...request }: PageRequest): Page {
  assertRequired(['EntityType', 'EntityArn'], input);
  const { EntityArn } = input;
  const [, userId] = /\/agent\/([^/]+)$/.exec(String(EntityArn)) ?? [];
  if (!instance) return pageOf([], request);
  const { directory } = instance;
  const key = userId === undefined ? undefined : directory.keyOf(userId);
  if (userId !== undefined && key === undefined) throw notFound('Entity not found');
  const ids =
    key === undefined
      ? listResources('securityProfile', instance)
          .slice(0, 1)
          .map(({ Id }) => Id)
      : directory.details(key).SecurityProfileIds;
  return pageOf(
    ids.map((Id) => ({ Id })),
    request,
  );
}
