import type { User } from '@aws-sdk/client-connect';
import type { SendingClient, SendOptions } from '../aws/create-send.js';
import { invalidArgument } from '../core/errors.js';
import { planMapAsync } from '../listing/operators/plan-map-async.js';
import type { Tolerate } from '../listing/operators/tolerance.js';
import type { PlannedStage } from '../listing/plan.js';
import { createDescribeOne, isNotFound } from './describe-one.js';
import { createNames } from './names.js';
import { nameKindsOf, rowOf } from './user-fields.js';
import type { UserField, UserRow } from './user-row.js';

interface DescribeStageOptions {
  readonly client: SendingClient;
  readonly InstanceId: string;
  readonly fields: readonly UserField[];
  readonly sending: SendOptions;
  /** How many users may fail; undefined: none. */
  readonly tolerate?: Tolerate<User> | undefined;
}

/** As many as keep a quota of 10 a second busy at answers of 800 ms. The pacer decides how many are sent. */
const CONCURRENCY = 8;

/** The operator that replaces each user of a listing with its details, in order. */
export function describeStage({
  client,
  InstanceId,
  fields,
  sending,
  tolerate,
}: DescribeStageOptions): PlannedStage {
  const describerOf = createDescribeOne(client, InstanceId, sending);
  const namesFor = createNames({ client, InstanceId, kinds: nameKindsOf(fields), sending });
  // Without the names, or the instance, no user can be described.
  const ofAll = new WeakSet<object>();
  return planMapAsync<User, Partial<UserRow>>({
    name: 'describeUsers',
    mapperOf: ({ stats }) => {
      const describeOne = describerOf();
      return async (listed, { signal }) => {
        const id = idOf(listed);
        const names = await namesFor({ signal, stats }).catch((error: unknown) => {
          if (error instanceof Error) ofAll.add(error);
          throw error;
        });
        const user = await describeOne(id, { signal, stats });
        if (user) return rowOf(user, fields, names);
        return { ...rowOf(listed, fields, names), Vanished: true };
      };
    },
    concurrency: CONCURRENCY,
    ordered: true,
    tolerate,
    isTolerable: (error) => !(error instanceof Error && ofAll.has(error)) && !isNotFound(error),
    errorOf: (error) => error,
  });
}

function idOf(listed: unknown): string {
  const { Id }: { readonly Id?: unknown } = typeof listed === 'object' && listed !== null ? listed : {};
  if (typeof Id === 'string' && Id !== '') return Id;
  throw invalidArgument('an item of describeUsers', 'a user with an Id', listed);
}
