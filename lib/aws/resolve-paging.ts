import { invalidArgument } from '../core/errors.js';
import { assertPagingNames } from './assert-paging-names.js';
import { inferItems, listsIn } from './infer-items.js';
import { flagOf, inferMore } from './infer-more.js';
import { memberAt, readPath } from './output-path.js';
import { PAGE_SIZE_NAMES } from './paging-names.js';
import type { PagingQuirk } from './quirks/paging-quirk.js';
import type { OperationShape } from './read-schema.js';
import { resolveToken, type Selector, type TokenNames } from './resolve-token.js';
import { urlDecoded } from './url-decoded.js';

/** The names an operation uses for paging; those left out are inferred from the command's schema. */
export interface PagingNames {
  readonly items?: Selector | undefined;
  readonly token?: string | readonly string[] | undefined;
  readonly next?: Selector | readonly string[] | undefined;
  readonly more?: string | undefined;
  readonly pageSizeKey?: string | undefined;
  readonly firstPageOnly?: readonly string[] | undefined;
}

/** How to read the pages of an operation, with every name resolved. */
export interface Paging {
  /** The names of the token in the input, one for each part of it. */
  readonly tokenKeys: readonly string[];
  readonly pageSizeKey: string | undefined;
  /** A few services take the page size as text. */
  readonly pageSizeIsText: boolean;
  /** The page size to send if the caller sends none. */
  readonly pageSize: number | undefined;
  /** Members of the input that are not sent together with a token. */
  readonly firstPageOnly: readonly string[];
  /** What messages call the items, the next token and the flag that there are more pages. */
  readonly itemsName: string;
  readonly nextName: string;
  readonly moreName: string;
  itemsOf(output: object): unknown;
  /** The next token; if it has several parts, an array of them. */
  nextOf(output: object): unknown;
  /** Whether the service itself says that there are more pages; undefined if it does not say. */
  moreOf(output: object): unknown;
}

/**
 * Resolves how an operation is paged. Throws ERR_NOT_PAGED if it is not paged, and ERR_INVALID_ARGUMENT if a name is
 * missing or does not exist.
 */
export function resolvePaging(
  operation: string,
  shape: OperationShape | undefined,
  names: PagingNames,
  quirk: PagingQuirk = {},
): Paging {
  assertPagingNames(names);
  const token = resolveToken(operation, shape, {
    token: names.token ?? quirk.token,
    // The path of a quirk belongs to its token.
    next: names.next ?? (names.token === undefined ? quirk.next : undefined),
  });
  const items = names.items ?? quirk.items ?? inferItems(operation, shape, token);
  assertNames(operation, shape, names);
  const pageSizeKey =
    names.pageSizeKey ??
    quirk.pageSizeKey ??
    PAGE_SIZE_NAMES.find((name) => shape?.input.member(name) && !token.keys.includes(name));
  const more = names.more ?? (shape && inferMore(shape.output, token));
  return {
    tokenKeys: token.keys,
    pageSizeKey,
    pageSizeIsText: pageSizeKey !== undefined && shape?.input.member(pageSizeKey)?.kind === 'text',
    pageSize: pageSizeKey === undefined ? undefined : quirk.pageSize,
    firstPageOnly: names.firstPageOnly ?? quirk.firstPageOnly ?? [],
    itemsName: nameOf(items, 'items'),
    nextName: nameOf(typeof token.next === 'function' ? token.next : token.next.join(', '), 'next'),
    moreName: more ?? 'a flag',
    itemsOf: reader(items),
    nextOf: nextReader(token, quirk.urlEncoded ?? []),
    moreOf: more === undefined && !shape ? flagOf : (output) => more && readPath(output, more),
  };
}

function assertNames(operation: string, shape: OperationShape | undefined, names: PagingNames): void {
  const { items, more, pageSizeKey, firstPageOnly = [] } = names;
  if (!shape) return;
  if (typeof items === 'string' && memberAt(shape.output, items)?.kind !== 'list') {
    const lists = listsIn(shape.output).join(', ');
    throw invalidArgument('items', `a list in the output of ${operation} (${lists})`, items);
  }
  if (more !== undefined && memberAt(shape.output, more)?.kind !== 'boolean') {
    throw invalidArgument('more', `a path to a boolean in the output of ${operation}`, more);
  }
  if (pageSizeKey !== undefined && !shape.input.member(pageSizeKey)) {
    throw invalidArgument('pageSizeKey', `a member of the input of ${operation}`, pageSizeKey);
  }
  const unknownName = firstPageOnly.find((name) => !shape.input.member(name));
  if (unknownName !== undefined) {
    throw invalidArgument('firstPageOnly', `members of the input of ${operation}`, unknownName);
  }
}

function nextReader({ keys, next }: TokenNames, urlEncoded: readonly string[]): (output: object) => unknown {
  if (typeof next === 'function') return next;
  return (output) => {
    const parts = next.map((path, i) => {
      const part = readPath(output, path);
      return urlEncoded.includes(keys[i] ?? '') ? urlDecoded(output, part) : part;
    });
    if (keys.length === 1) return parts[0];
    return parts.some((part) => part !== undefined) ? parts : undefined;
  };
}

function reader(selector: Selector): (output: object) => unknown {
  return typeof selector === 'string' ? (output) => readPath(output, selector) : selector;
}

function nameOf(selector: Selector, option: string): string {
  return typeof selector === 'string' ? selector : `what the option ${option} returns`;
}
