import { PageturnError } from '../../core/errors.js';

/** The Region that a client is configured for; undefined if it has none. Sends nothing. */
export async function regionOf(client: object): Promise<string | undefined> {
  const { config } = client as { config?: { region?: unknown } };
  try {
    const region = typeof config?.region === 'function' ? await config.region() : config?.region;
    return typeof region === 'string' ? region : undefined;
  } catch {
    // The SDK's own message comes with the first request.
    return undefined;
  }
}

/** Throws ERR_CURSOR_MISMATCH if the clients of a cursor were for other Regions, or in another order. */
export function assertSameRegions(before: readonly (string | null)[], now: readonly (string | null)[]): void {
  const other = before.findIndex((region, index) => region !== now[index]);
  if (other < 0) return;
  const [had, has] = [before[other] ?? 'no Region', now[other] ?? 'no Region'];
  throw new PageturnError(
    'ERR_CURSOR_MISMATCH',
    `the cursor belongs to other clients: where it has one for ${had}, there is now one for ${has}; pass the same clients in the same order`,
  );
}
