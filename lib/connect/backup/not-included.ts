import { CHILD_RESOURCES } from './child-resources.js';

/** An operation that a backup leaves out, and why. */
export interface NotIncluded {
  readonly operation: string;
  readonly reason: string;
}

const OF_A_CONTACT = 'needs the id of a contact';
const RECORDS = 'records what happened, and not how the instance is set up';
const METRICS = 'has metrics, which need a time and filters';

/** The operations that no backup includes. The first version of an operation, and the List or Search of what is included, are not named. */
const NEVER: Readonly<Record<string, string>> = {
  EvaluateDataTableValues: 'computes values for an expression',
  GetCurrentMetricData: METRICS,
  GetCurrentUserData: METRICS,
  GetMetricData: METRICS,
  GetMetricDataV2: METRICS,
  ListAssociatedContacts: OF_A_CONTACT,
  ListContactEvaluations: OF_A_CONTACT,
  ListContactReferences: OF_A_CONTACT,
  ListEntitySecurityProfiles: 'lists what the users have as SecurityProfileIds',
  ListEvaluationFormAIVersions: 'lists what AWS offers',
  ListInstances: 'lists the account',
  ListRealtimeContactAnalysisSegmentsV2: OF_A_CONTACT,
  ListTestCaseExecutionRecords: RECORDS,
  ListTestCaseExecutions: RECORDS,
  ListUserNotifications: RECORDS,
  SearchAvailablePhoneNumbers: 'lists what AWS offers',
  SearchContactEvaluations: RECORDS,
  SearchContacts: RECORDS,
  SearchResourceTags: 'lists tags, which the details have',
};

const PER_USER = 'takes a request for each user; include it with perUser, or --per-user';

/** What a backup with or without the lists of each user leaves out, by name. */
export function notIncluded(perUser: boolean): NotIncluded[] {
  const left = perUser ? [] : CHILD_RESOURCES.filter(({ isPerUser }) => isPerUser);
  const reasons = { ...NEVER, ...Object.fromEntries(left.map(({ operation }) => [operation, PER_USER])) };
  return Object.entries(reasons)
    .map(([operation, reason]) => ({ operation, reason }))
    .sort((a, b) => (a.operation < b.operation ? -1 : 1));
}
