import { PageturnError } from '../../core/errors.js';
import type { SavedInstance } from './saved-instances.js';

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

/** Throws ERR_CURSOR_MISMATCH if the instances that a client listed before are in another Region than its own. */
export async function assertSameRegion(client: object, instances: readonly SavedInstance[]): Promise<void> {
  const listed = instances.find(({ arn }) => arn !== undefined)?.arn?.split(':')[3];
  const region = listed && (await regionOf(client));
  if (!region || region === listed) return;
  throw new PageturnError(
    'ERR_CURSOR_MISMATCH',
    `the cursor belongs to other clients: where it has instances in ${listed}, there is now a client for ${region}; pass the clients in the same order`,
  );
}
