import type { InstanceSummary } from '@aws-sdk/client-connect';
import { invalidArgument } from '../../core/errors.js';

/** Where a row of `everywhere` comes from. */
export interface InstanceOrigin {
  /** From the ARN of the instance, as is the Region; undefined if the service omits it. */
  readonly AccountId: string | undefined;
  readonly Region: string | undefined;
  readonly InstanceId: string;
  /** Undefined for an instance without one. */
  readonly InstanceAlias: string | undefined;
}

/** A row, and where it comes from. */
export type FromInstance<T> = InstanceOrigin & Omit<T, keyof InstanceOrigin>;

/** An instance as `list` of `everywhere` gets it: its origin, and its `Id` and `Arn` as `ListInstances` names them. */
export interface EverywhereInstance extends InstanceOrigin {
  readonly Id: string;
  readonly Arn: string | undefined;
}

type Summary = Pick<InstanceSummary, 'Id' | 'Arn' | 'InstanceAlias'>;

export function everywhereInstance({ Id = '', Arn, InstanceAlias }: Summary): EverywhereInstance {
  // arn:aws:connect:REGION:ACCOUNT:instance/ID
  const [, , , region, account] = Arn?.split(':') ?? [];
  return { AccountId: account, Region: region, InstanceId: Id, InstanceAlias, Id, Arn };
}

/** A row with its origin in front. Throws ERR_INVALID_ARGUMENT for a row that cannot have one. */
export function withOrigin(row: unknown, instance: EverywhereInstance): object {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    const expected = 'objects, which get the origin as members; map others: .map((Origin) => ({ Origin }))';
    throw invalidArgument('the items of list', expected, row);
  }
  const { AccountId, Region, InstanceId, InstanceAlias } = instance;
  const origin = { AccountId, Region, InstanceId, InstanceAlias };
  return { ...origin, ...row, ...origin };
}
