import type { Account } from './account.js';
import type { Instance } from './instances.js';
import type { Page } from './page-of.js';

/** The input members of a request by their model names, whether sent in the path, the query string or the body. */
export type Input = Readonly<Record<string, unknown>>;

export interface Call {
  readonly account: Account;
  /** The instance named by InstanceId; undefined for operations that take none. */
  readonly instance: Instance | undefined;
  readonly input: Input;
}

export interface PageRequest extends Call {
  /** The `next` the operation returned with the previous page; undefined for the first page. */
  readonly after: number | undefined;
  readonly limit: number;
}

interface Endpoint {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** The model of a few operations accepts an ARN as InstanceId. */
  readonly acceptsArn?: boolean;
  /** Needs no InstanceId. */
  readonly accountWide?: boolean;
  /** The name of the throttling error. Default: ThrottlingException. */
  readonly throttle?: string;
}

export interface DescribeOperation extends Endpoint {
  readonly describe: (call: Call) => object;
}

export interface PagedOperation extends Endpoint {
  readonly itemsKey: string;
  readonly pageSize: { readonly max: number; readonly default: number };
  readonly list: (request: PageRequest) => Page;
}

export type Operation = DescribeOperation | PagedOperation;
