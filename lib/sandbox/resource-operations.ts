import { hierarchyStructure } from './hierarchy.js';
import type { Call, PageRequest } from './operation.js';
import { type Page, pageOf } from './page-of.js';
import { detailsOf, searchOf } from './resource-details.js';
import { RESOURCES, type ResourceKind } from './resources.js';
import { type Row, searchRows } from './search-rows.js';
import { notFound } from './service-error.js';

/** Describes one resource of a kind: `idKey` is its member of the input, `outputKey` that of the output. */
export function describeResource(kind: ResourceKind, idKey: string, outputKey: string) {
  return ({ instance, input }: Call): object => {
    const index = instance?.ids.indexOf(kind, String(input[idKey]));
    if (!instance || index === undefined || index >= RESOURCES[kind].length)
      throw notFound(`${outputKey} not found`);
    return { [outputKey]: detailsOf(kind, instance, index) };
  };
}

/** Searches the resources of a kind. */
export function searchResources(kind: ResourceKind) {
  return ({ instance, input, ...request }: PageRequest): Page => {
    const { isSearchBrief, search } = searchOf(kind);
    const all = instance ? RESOURCES[kind].map((_, index) => detailsOf(kind, instance, index)) : [];
    const found = searchRows(all, input, search);
    const rows = isSearchBrief ? found.map(withoutModification) : found;
    return { ...pageOf(rows, request), extras: { ApproximateTotalCount: rows.length } };
  };
}

/** DescribeUserHierarchyStructure. */
export function describeHierarchy({ instance }: Call): object {
  return instance ? hierarchyStructure(instance) : {};
}

function withoutModification({ LastModifiedTime: _, LastModifiedRegion: __, ...row }: Row): Row {
  return row;
}
