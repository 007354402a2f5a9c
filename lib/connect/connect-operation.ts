/** A paged operation of Amazon Connect. */
export interface ConnectOperation {
  /** The command class of `@aws-sdk/client-connect`. */
  readonly command: string;
  /** The member of the output that lists its items. */
  readonly items: string;
  /** The largest `MaxResults`; undefined for the few operations that have no page size. */
  readonly maxPageSize?: number;
  /** The documented quota per account, Region and operation. */
  readonly quota: { readonly ratePerSecond: number; readonly burst: number };
  /** The operation that has all fields of one of these resources, where there is one. */
  readonly describe?: string;
  /** The operation that searches these resources, where there is one. */
  readonly search?: string;
  /** Set if an `InstanceId` is all that the operation needs: it lists something of a whole instance. */
  readonly ofInstance?: true;
}
