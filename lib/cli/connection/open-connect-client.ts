import type { ConnectClient, ConnectClientConfig } from '@aws-sdk/client-connect';
import { loadClient, SILENT_LOGGER } from './load-client.js';

/** A client for Amazon Connect, whose code is loaded here because that takes a while. */
export async function openConnectClient(config: ConnectClientConfig): Promise<ConnectClient> {
  const { ConnectClient } = await loadClient(
    '@aws-sdk/client-connect',
    () => import('@aws-sdk/client-connect'),
  );
  return new ConnectClient({ ...config, logger: SILENT_LOGGER });
}
