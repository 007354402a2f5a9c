import type { FetchPage } from '../../lib/core/page.js';
import { type Item, ScriptedServiceError } from '../../lib/testing/index.js';

/** An answer of the scripted service in terms of HTTP: a page, or an error by status and name. */
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

/** Sends a request to the scripted service. Throws what is not an answer, such as a lost connection. */
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
