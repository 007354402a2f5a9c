/** One page of a paged operation. */
export interface Page {
  readonly items: readonly object[];
  /** Where the next page begins; undefined after the last page. */
  readonly next: number | undefined;
  /** Output members other than the list and the token. */
  readonly extras?: Readonly<Record<string, unknown>>;
}

/** A page of an in-memory list; `after` counts the items before it. */
export function pageOf(
  items: readonly object[],
  { after = 0, limit }: { readonly after: number | undefined; readonly limit: number },
): Page {
  const end = after + limit;
  return { items: items.slice(after, end), next: end < items.length ? end : undefined };
}
