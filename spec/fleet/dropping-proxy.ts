import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface DroppingProxy extends AsyncDisposable {
  readonly url: string;
  /** Lets nothing through any more, in either direction; connections stay open, and new ones get no answer. */
  drop(): void;
  /** Breaks the connections of that time, and lets new ones through. */
  restore(): void;
}

/** The way to a Redis, which can be cut: for the processes at both ends it is as if packets were lost. */
export async function startDroppingProxy(port: number): Promise<DroppingProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let isDropping = false;
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on('data', (data) => isDropping || to.write(data));
      from.on('error', () => {});
      from.on('close', () => {
        to.destroy();
        pairs.delete(pair);
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const breakAll = () => {
    for (const [near] of pairs) near.destroy();
  };
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    drop() {
      isDropping = true;
    },
    restore() {
      breakAll();
      isDropping = false;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      breakAll();
    },
  };
}
