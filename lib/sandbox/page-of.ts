/** What a listing answers for one page. */
export interface Page {
  readonly items: readonly object[];
  /** Where the next page begins; undefined: this was the last one. */
  readonly next: number | undefined;
  /** Fields of the answer beside list and token. */
  readonly extras?: Readonly<Record<string, unknown>>;
}

/** A page of a list that is small enough to be held whole; the position is how many items lie before it. */
export function pageOf(
  items: readonly object[],
  { after = 0, limit }: { readonly after: number | undefined; readonly limit: number },
): Page {
  const end = after + limit;
  return { items: items.slice(after, end), next: end < items.length ? end : undefined };
}
