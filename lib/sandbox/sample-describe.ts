import type { Instance } from './instances.js';
import { modelDescribes } from './model.js';
import type { DescribeOperation, Input } from './operation.js';
import { assertRequired } from './sample-listing.js';
import { type RecordOwner, sampleNumbers, sampleRecord } from './sample-records.js';
import type { Row } from './search-rows.js';
import { notFound } from './service-error.js';

export type ModelDescribeName = keyof typeof modelDescribes;

/** A Describe operation that nothing else answers: it finds the records of the operation that lists them. */
export function sampleDescribe(
  name: ModelDescribeName,
): DescribeOperation & { readonly name: ModelDescribeName } {
  const { method, path, required, listing, output } = modelDescribes[name];
  const idKey = /\{(\w+)\}$/.exec(path)?.[1] ?? '';
  const ofInstance = path.includes('{InstanceId}');
  return {
    name,
    method,
    path,
    accountWide: !ofInstance,
    acceptsArn: true,
    describe({ account, instance, input }) {
      assertRequired(required.split(' '), input);
      for (const owner of instance ? [instance] : account.instances) {
        const records = recordsOf(owner, input, idKey);
        const isWanted = (row: Row) => identifierOf(row, idKey) === input[idKey];
        const n = sampleNumbers(listing, records).find((one) =>
          isWanted(sampleRecord(listing, records, one)),
        );
        if (n !== undefined) return sampleRecord(listing, records, n, output);
      }
      throw notFound(`${name.replace('Describe', '')} not found`);
    },
  };
}

/** The records of an instance; the id that is asked for is not an input of the operation that lists them. */
function recordsOf({ ids, summary: { Id, Arn } }: Instance, input: Input, idKey: string): RecordOwner {
  return { ids, arn: Arn, input: { ...input, InstanceId: Id, [idKey]: undefined } };
}

/** The member that a Describe takes, under its whole name or the last part, as in `QueueId` and `Id`. */
function identifierOf(row: Row, idKey: string): unknown {
  const member = [idKey, 'Id', 'Name'].find((one) => idKey.endsWith(one) && row[one] !== undefined);
  return member === undefined ? undefined : row[member];
}
