import type { Server } from 'node:http';
import type { Http2Server } from 'node:http2';
import { onTestFinished } from 'vitest';
import { listen } from './listen.js';

/** Starts a server on the loopback interface, until the end of the test; resolves to its endpoint. */
export async function startServer(server: Server | Http2Server): Promise<string> {
  const endpoint = await listen(server);
  onTestFinished(() => {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
  return endpoint;
}
