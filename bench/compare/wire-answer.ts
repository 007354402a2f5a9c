import type { FetchPage } from '../../lib/core/page.js';
import { type Item, ScriptedServiceError } from '../../lib/testing/index.js';

/** What the scripted service says, for those who speak HTTP: a page, or an error by status and name. */
export type WireAnswer =
  | {
      readonly status: 200;
      readonly items: readonly Item[] | undefined;
      readonly next: string | null | undefined;
    }
  | {
      readonly status: number;
      readonly error: { readonly name: string; readonly message: string };
      readonly headers: Readonly<Record<string, string>>;
    };

/** Asks the scripted service; what is no answer of a service, such as a lost connection, is thrown. */
export async function askService(
  fetchPage: FetchPage<Item>,
  token: string | undefined,
  { pageSize, signal }: { readonly pageSize?: number | undefined; readonly signal?: AbortSignal | undefined },
): Promise<WireAnswer> {
  try {
    const { items, next } = await fetchPage(token, { pageSize, signal });
    return { status: 200, items, next };
  } catch (error) {
    if (!(error instanceof ScriptedServiceError)) throw error;
    const { name, message, $response } = error;
    return { status: $response.statusCode, error: { name, message }, headers: $response.headers };
  }
}
