/** Runs in a page: lists an API that pageturn knows nothing about, with nothing but fetch. */
import { fromPages } from 'pageturn';

interface Answer {
  readonly UserSummaryList: readonly { readonly Id: string }[];
  readonly NextToken?: string;
}

export interface Outcome {
  readonly ids: readonly string[];
  readonly reason: string | undefined;
}

/** The ids of all rows after an address. */
export async function list(url: string): Promise<Outcome> {
  const rows = fromPages(async (token, { signal }) => {
    const query = token === undefined ? '' : `?nextToken=${encodeURIComponent(token)}`;
    const response = await fetch(url + query, { signal: signal ?? null });
    if (!response.ok) throw Object.assign(new Error('no page'), { status: response.status });
    const { UserSummaryList, NextToken } = (await response.json()) as Answer;
    return { items: UserSummaryList, next: NextToken };
  });
  const walk = rows.map(({ Id }) => Id).open();
  const ids: string[] = [];
  for await (const id of walk) ids.push(id);
  return { ids, reason: walk.end?.reason };
}
