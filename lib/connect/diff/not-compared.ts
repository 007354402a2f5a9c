/** What differs between two instances, or two runs, although nothing was changed by hand. */
export const NOT_COMPARED: readonly string[] = [
  ...['Id', 'Arn', 'LastModifiedTime', 'LastModifiedRegion', 'DirectoryUserId'],
  ...['RoutingProfileId', 'SecurityProfileIds', 'HierarchyGroupId'],
  ...['AccountId', 'Region', 'InstanceId', 'InstanceAlias'],
];
