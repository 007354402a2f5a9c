import { invalidArgument, PageturnError } from '../core/errors.js';
import type { OperationShape } from './read-schema.js';
import { PAGE_SIZE_NAMES, TOKEN_NAMES } from './token-names.js';

/** The names an operation uses for paging; those left out are inferred from the command's schema. */
export interface PagingNames {
  readonly items?: string | ((output: never) => unknown) | undefined;
  readonly token?: string | undefined;
  readonly next?: string | ((output: never) => unknown) | undefined;
  readonly pageSizeKey?: string | undefined;
}

/** How to read the pages of an operation, with every name resolved. */
export interface Paging {
  /** The names of the token and, if the operation has one, the page size in the input. */
  readonly tokenKey: string;
  readonly pageSizeKey: string | undefined;
  /** The name of the items in messages. */
  readonly itemsName: string;
  itemsOf(output: object): unknown;
  nextOf(output: object): unknown;
}

/**
 * Resolves how an operation is paged. Throws ERR_NOT_PAGED if it is not paged, and ERR_INVALID_ARGUMENT if a name is
 * missing or does not exist.
 */
export function resolvePaging(
  operation: string,
  shape: OperationShape | undefined,
  names: PagingNames,
): Paging {
  const { token: tokenKey, next } = resolveToken(operation, shape, names);
  const items = names.items ?? inferItems(operation, shape);
  if (shape && typeof items === 'string' && !shape.lists.includes(items)) {
    throw invalidArgument('items', `a list in the output of ${operation} (${shape.lists.join(', ')})`, items);
  }
  if (shape && names.pageSizeKey !== undefined && !shape.input.includes(names.pageSizeKey)) {
    throw invalidArgument('pageSizeKey', `a member of the input of ${operation}`, names.pageSizeKey);
  }
  return {
    tokenKey,
    pageSizeKey: names.pageSizeKey ?? PAGE_SIZE_NAMES.find((name) => shape?.input.includes(name)),
    itemsName: typeof items === 'string' ? items : 'what the option items returns',
    itemsOf: reader(items),
    nextOf: reader(next),
  };
}

type Selector = Exclude<PagingNames['items'], undefined>;

function resolveToken(
  operation: string,
  shape: OperationShape | undefined,
  { token, next }: PagingNames,
): { token: string; next: Selector } {
  if (shape && token !== undefined && !shape.input.includes(token)) {
    throw invalidArgument('token', `a member of the input of ${operation}`, token);
  }
  if (shape && typeof next === 'string' && !shape.output.includes(next)) {
    throw invalidArgument('next', `a member of the output of ${operation}`, next);
  }
  const known = TOKEN_NAMES.find(
    ([given, taken]) =>
      shape?.input.includes(given) &&
      shape.output.includes(taken) &&
      (token ?? given) === given &&
      (typeof next !== 'string' || next === taken),
  );
  const resolved = { token: token ?? known?.[0], next: next ?? known?.[1] };
  if (resolved.token === undefined || resolved.next === undefined) {
    throw shape ? notPaged(operation) : withoutSchema(operation, 'token and next');
  }
  return { token: resolved.token, next: resolved.next };
}

function inferItems(operation: string, shape: OperationShape | undefined): string {
  if (!shape) throw withoutSchema(operation, 'items');
  const [only, ...others] = shape.lists;
  if (only !== undefined && others.length === 0) return only;
  const expected = only
    ? `named, because the output of ${operation} has several lists (${shape.lists.join(', ')})`
    : `a function from the output to its items, because ${operation} has no list at the top of its output`;
  throw invalidArgument('items', expected, undefined);
}

function reader(selector: Selector): (output: object) => unknown {
  if (typeof selector === 'string') return (output) => (output as Record<string, unknown>)[selector];
  return (output) => selector(output as never);
}

function notPaged(operation: string): PageturnError {
  return new PageturnError(
    'ERR_NOT_PAGED',
    `${operation} has no known page token; if it is paged, pass the options token and next`,
  );
}

function withoutSchema(operation: string, options: string): PageturnError {
  return new PageturnError(
    'ERR_NOT_PAGED',
    `cannot infer how ${operation} is paged, because its client is older than the SDK's schemas; update the client, or pass ${options}`,
  );
}
