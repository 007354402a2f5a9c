import { createServer } from 'node:net';

/**
 * A port of the loopback interface that nothing listens on, for a server that is started later, or again. It lies below
 * the ports that the system gives to outgoing connections, one of which could have it by then.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (await isFree(port)) return port;
  }
}

/** Linux begins with 32,768 for outgoing connections. */
const [LOWEST, HIGHEST] = [12_000, 32_000];

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
