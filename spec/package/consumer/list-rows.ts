/** A program of someone who installed pageturn alone: it lists an API with fetch. */
import { map } from 'ix/asynciterable/operators';
import { type Cursor, fromPages, type Listing, PageturnError } from 'pageturn';
import { fileCheckpoint } from 'pageturn/node';

interface Row {
  readonly Id: string;
  readonly Username: string;
}

interface Answer {
  readonly UserSummaryList: readonly Row[];
  readonly NextToken?: string;
}

export async function listRows(url: string, checkpoint: string): Promise<string[]> {
  const rows: Listing<Row> = fromPages(async (token, { signal }) => {
    const query = token === undefined ? '' : `?nextToken=${encodeURIComponent(token)}`;
    const response = await fetch(url + query, { signal: signal ?? null });
    if (!response.ok) throw Object.assign(new Error('no page'), { status: response.status });
    const { UserSummaryList, NextToken } = (await response.json()) as Answer;
    return { items: UserSummaryList, next: NextToken };
  });

  const ids: string[] = [];
  for await (const { Id } of rows.resume(fileCheckpoint(checkpoint))) ids.push(Id);
  return ids;
}

export async function firstNames(rows: Listing<Row>, from: Cursor): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const name of rows.open({ from })) names.push(name.Username);
    for await (const name of rows.take(3).pipe(map((row) => row.Username))) names.push(name);
  } catch (error) {
    if (error instanceof PageturnError) names.push(error.code);
  }
  return names;
}
