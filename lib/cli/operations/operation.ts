import type { ConnectClient } from '@aws-sdk/client-connect';
import type { Format } from '../../destinations/formats/format.js';
import type { Listing } from '../../listing/listing.js';
import type { Tolerate } from '../../listing/operators/tolerance.js';
import type { ParquetType } from '../../parquet/parquet-types.js';
import type { RetryOptions } from '../../request/compose-send.js';

/** A column of an operation's items. */
export interface Column {
  /** The member with the value, or the path to it, such as `IdentityInfo.Email`. */
  readonly key: string;
  readonly header: string;
  /** Its width in a table, in characters; longer values push the rest of their row to the right. The last column needs none. */
  readonly width?: number;
  /** Its type in Parquet. Default: `string`. */
  readonly type?: ParquetType;
}

/** The options of a listing that the user may set. */
export interface RequestOptions {
  readonly pageSize?: number | undefined;
  /** The share of the quota to use. */
  readonly share?: number | undefined;
  readonly maxAttempts?: number | undefined;
  /** The time after which a request is given up, in milliseconds. */
  readonly maxElapsed?: number | undefined;
  /** A client for each `--region`, for operations that list more than one. */
  readonly clients?: readonly ConnectClient[] | undefined;
  /** Aborts a request that the listing itself depends on. */
  readonly signal?: AbortSignal | undefined;
}

/** An operation that lists items of an instance, with everything that a command needs to know about it. */
export interface Operation<T> {
  /** What its items are called, such as `user`. */
  readonly noun: string;
  /** The member of the service's response with the items, which users of the AWS CLI begin a `--query` with. */
  readonly listMember: string;
  /** The operation whose pages have the items, as events call it, such as `Connect.ListUsers`. */
  readonly paged: string;
  /** Whether each item needs a request, so that progress is not counted in pages. */
  readonly isDescribed?: boolean;
  /** Whether it takes no instance, or may do without one. Default: it needs one. */
  readonly instance?: 'none' | 'optional';
  /** The columns that `--columns` may name, in the order of the formats that have all of them. */
  readonly columns: readonly Column[];
  /** The columns of a table. */
  readonly tableColumns: readonly Column[];
  /** The most items of a request. Default: the 1,000 that `--page-size` allows. */
  readonly maxPageSize?: number;
  /** What the operation reads of its items, by option: only the same continues an unfinished run. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The only format that its rows have, instead of those that `--output` names. */
  readonly format?: Format<unknown>;
  /** Lines of advice about the rows that were written, such as what to correct before they are imported. */
  readonly adviceFor?: (written: number) => readonly string[];
  /** What identifies an item. */
  idOf(item: T): string | undefined;
  /** What `--filter` matches; undefined if the items have no names. */
  readonly nameOf: ((item: T) => string) | undefined;
  /** When an item was changed last, if the service says so; undefined if it does of no item. */
  readonly modifiedAt: ((item: T) => Date | undefined) | undefined;
  list(client: ConnectClient, instanceId: string, options: RequestOptions): Promise<Listing<T>>;
  /** Loads what makes the listing of any instance; undefined if it has to be one instance. */
  prepare?(
    options: RequestOptions,
  ): Promise<(client: ConnectClient, instanceId: string) => Listing<T & object>>;
  /** The rows that are written for the chosen items of a listing. Default: the items. */
  rowsOf?(items: Listing<T>, context: RowContext): Listing<unknown>;
}

/** What the rows of items are made with. */
export interface RowContext {
  /** Called for each item that the service no longer has. */
  readonly onVanished: () => void;
  /** How many items may fail; undefined: none. */
  readonly tolerate: Tolerate<unknown> | undefined;
}

/** The part of a listing's options that {@link RequestOptions} decides. */
export function listingOptions({ pageSize, share, maxAttempts, maxElapsed }: RequestOptions): {
  readonly pageSize: number | undefined;
  readonly pace: { readonly share: number } | undefined;
  readonly retry: RetryOptions;
} {
  return {
    pageSize,
    pace: share === undefined ? undefined : { share },
    retry: { maxAttempts, maxElapsedMs: maxElapsed },
  };
}
