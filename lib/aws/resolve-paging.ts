import { invalidArgument, PageturnError } from '../core/errors.js';
import type { OperationShape } from './read-schema.js';
import { PAGE_SIZE_NAMES, TOKEN_NAMES } from './token-names.js';

/** Where a paged operation keeps what; what is not named is inferred from the command's schema. */
export interface PagingNames {
  readonly items?: string | ((output: never) => unknown) | undefined;
  readonly token?: string | undefined;
  readonly next?: string | ((output: never) => unknown) | undefined;
  readonly pageSizeKey?: string | undefined;
}

/** How to read the pages of one operation, every name known. */
export interface Paging {
  /** What the input calls the token, and the size of a page where it takes one. */
  readonly tokenKey: string;
  readonly pageSizeKey: string | undefined;
  /** What the items are called in messages. */
  readonly itemsName: string;
  itemsOf(output: object): unknown;
  nextOf(output: object): unknown;
}

/**
 * Settles how an operation is paged. Throws ERR_NOT_PAGED where it is not, ERR_INVALID_ARGUMENT where a name has to be
 * given, or was and does not fit.
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
    itemsName: typeof items === 'string' ? items : 'what the items option returned',
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
    ? `given, for the output of ${operation} has several lists: ${shape.lists.join(', ')}`
    : `a function from the output to its items, for ${operation} has no list at the top of its output`;
  throw invalidArgument('items', expected, undefined);
}

function reader(selector: Selector): (output: object) => unknown {
  if (typeof selector === 'string') return (output) => (output as Record<string, unknown>)[selector];
  return (output) => selector(output as never);
}

function notPaged(operation: string): PageturnError {
  return new PageturnError(
    'ERR_NOT_PAGED',
    `${operation} is not paged: it takes and gives no page token known by name; pass token and next if it pages by another`,
  );
}

function withoutSchema(operation: string, options: string): PageturnError {
  return new PageturnError(
    'ERR_NOT_PAGED',
    `${operation} does not say how it is paged, for its client is older than the SDK's schemas; pass ${options}, or update the client`,
  );
}
