import { invalidArgument } from '../../core/errors.js';

/**
 * A filter for users that have at least one of the security profiles, given by id or ARN. SearchUsers and DescribeUser have
 * the profiles of a user, ListUsers does not, so its rows do not compile. Throws ERR_INVALID_ARGUMENT without an id.
 *
 * @example
 * const admins = list(client, SearchUsersCommand, { InstanceId }).filter(inSecurityProfile(adminProfileId));
 */
export function inSecurityProfile(
  ...profiles: readonly [string, ...string[]]
): (user: { readonly SecurityProfileIds?: readonly string[] | undefined }) => boolean {
  const ids = idsOf('a security profile', profiles);
  return ({ SecurityProfileIds = [] }) => SecurityProfileIds.some((id) => ids.has(id));
}

/**
 * A filter for users that have one of the routing profiles, given by id or ARN. SearchUsers and DescribeUser have the profile
 * of a user, ListUsers does not, so its rows do not compile. Throws ERR_INVALID_ARGUMENT without an id.
 *
 * @example
 * const sales = list(client, SearchUsersCommand, { InstanceId }).filter(inRoutingProfile(salesProfileId));
 */
export function inRoutingProfile(
  ...profiles: readonly [string, ...string[]]
): (user: { readonly RoutingProfileId?: string | undefined }) => boolean {
  const ids = idsOf('a routing profile', profiles);
  return ({ RoutingProfileId }) => RoutingProfileId !== undefined && ids.has(RoutingProfileId);
}

/** The id is the last part of an ARN: `arn:aws:connect:eu-central-1:123456789012:instance/…/security-profile/ID`. */
function idsOf(what: string, profiles: readonly unknown[]): ReadonlySet<string> {
  const ids = profiles.map((profile) => {
    const id = typeof profile === 'string' ? profile.slice(profile.lastIndexOf('/') + 1) : '';
    if (id === '') throw invalidArgument('profiles', `ids or ARNs of ${what}`, profile);
    return id;
  });
  if (ids.length === 0) throw invalidArgument('profiles', `at least one id or ARN of ${what}`, undefined);
  return new Set(ids);
}
