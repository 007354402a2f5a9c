import type { ConnectClient, ConnectClientConfig } from '@aws-sdk/client-connect';
import { openConnectClient } from '../connection/open-connect-client.js';

/**
 * The clients of the jobs of a worker: one for each Region, profile and endpoint. Jobs that share a quota share a client, and
 * with it the pace, what the pace has learned, the credentials and the connections.
 */
export class ConnectClients {
  readonly #clients = new Map<string, Promise<ConnectClient>>();

  /** Opens the client of a configuration when it is first asked for. */
  readonly open = (config: ConnectClientConfig): Promise<ConnectClient> => {
    const { region, profile, endpoint } = config;
    const key = JSON.stringify([region, profile, endpoint]);
    const known = this.#clients.get(key);
    if (known) return known;
    const opened = openConnectClient(config);
    this.#clients.set(key, opened);
    // A package that is missing may be there for the next job.
    opened.catch(() => this.#clients.delete(key));
    return opened;
  };

  async close(): Promise<void> {
    const clients = await Promise.allSettled(this.#clients.values());
    for (const client of clients) if (client.status === 'fulfilled') client.value.destroy();
  }
}
