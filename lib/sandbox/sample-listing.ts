import { modelOperations } from './model.js';
import type { Call, PagedOperation, PageRequest } from './operation.js';
import { pageOf } from './page-of.js';
import { type ModelOperationName, paged } from './paged.js';
import { sampleRecords } from './sample-records.js';
import { searchRows } from './search-rows.js';
import { invalidParameter } from './service-error.js';

/** A paged operation that nothing else answers: its records are made up from the model. */
export function sampleListing(
  name: ModelOperationName,
): PagedOperation & { readonly name: ModelOperationName } {
  const required = modelOperations[name].required.split(' ').filter((member) => member !== '');
  const list = (request: PageRequest) => {
    const { account, instance, input } = request;
    assertRequired(required, input);
    const owner = instance ?? account.instances[0];
    const { Id: InstanceId = '', Arn: arn = '' } = owner?.summary ?? {};
    const { ids } = instance ?? account;
    const given = instance ? { ...input, InstanceId } : input;
    return pageOf(searchRows(sampleRecords(name, { ids, arn, input: given }), input), request);
  };
  return {
    ...paged(name, list),
    accountWide: !required.includes('InstanceId'),
    acceptsArn: true,
  };
}

/** Throws the service's error for the first member that a request lacks. */
export function assertRequired(names: readonly string[], input: Call['input']): void {
  const missing = names.find((name) => input[name] === undefined);
  if (missing !== undefined) throw invalidParameter(`${missing} is required`);
}
