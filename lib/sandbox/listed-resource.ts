import { modelOperations } from './model.js';

/** How many records most resources have: as many as fit on three pages, if its pages are small. */
export const SAMPLES = 120;

/**
 * What other records belong to, and storage, of which there is one for each type: few, so that a list for each of them
 * takes seconds at the documented quota.
 */
const FEW: Readonly<Record<string, number>> = {
  ContactFlowModules: 12,
  ContactFlows: 12,
  DataTables: 12,
  EvaluationForms: 12,
  InstanceStorageConfigs: 1,
  IntegrationAssociations: 12,
  TrafficDistributionGroups: 12,
  Workspaces: 12,
};

/** Lists of the parts of a resource, and the list that has all of these parts. */
const PARTS: Readonly<Record<string, string>> = {
  AssociatedContacts: 'Contacts',
  DataTableValues: 'DataTablePrimaryValues',
  QueueEmailAddresses: 'EmailAddresses',
  QueueQuickConnects: 'QuickConnects',
  SecurityProfileFlowModules: 'ContactFlowModules',
};

/** What an operation lists, such as `QuickConnects`: one name for all operations that list the same. */
export function listedResource(operation: string): string {
  const name = operation.replace(/^(List|Search)/, '');
  return PARTS[name] ?? name;
}

/** The member that a Describe takes, by its path, such as `QueueId`; undefined for one that takes no id. */
export function describedMember(path: string): string | undefined {
  return /\{(\w+Id)\}$/.exec(path)?.[1];
}

/** Members with the id of a resource that has no Describe, and the operation that lists it. */
export const UNDESCRIBED = [
  ['IntegrationAssociationId', 'ListIntegrationAssociations'],
  ['TestCaseExecutionId', 'ListTestCaseExecutions'],
] as const;

/** How many of a resource there are at most. */
export function sampleCount(resource: string): number {
  return FEW[resource] ?? SAMPLES;
}

/** The number of the nth sample of a resource; no two resources share a number. */
export function sampleNumber(resource: string, n: number): number {
  return LISTED.indexOf(resource) * SAMPLES + n;
}

const LISTED = [...new Set(Object.keys(modelOperations).map(listedResource))];
