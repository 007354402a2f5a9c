import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { canRun } from '../support/can-run.js';

/** A network of its own, from which services of this machine are reached by two cables: one to Redis, and one to the others. */
export interface NetworkNamespace extends AsyncDisposable {
  /** Runs a program in it. */
  readonly command: readonly string[];
  /** The address there of a service that listens on a port of 127.0.0.1 here. */
  reach(port: number, cable?: 'redis'): Promise<{ readonly host: string; readonly port: number }>;
  /** Pulls the cable to Redis: packets are lost in both directions, and no connection is closed. */
  cut(): void;
  restore(): void;
}

const ip = (...args: string[]) => execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });

/** Whether this machine has iproute2 and lets the specs make networks; in most containers only root may. */
export const hasNetworkNamespaces = canRun(
  'sh',
  '-c',
  'n=pt-$$; ip netns add $n && { ip link add "$n"t0 type veth peer name "$n"t1 netns $n; r=$?; ip netns del $n; exit $r; }',
);

export function createNetworkNamespace(): NetworkNamespace {
  const name = `pt-${process.pid}`;
  // RFC 6815 keeps 198.18.0.0/15 for tests of networks; two of its networks for each process.
  const network = (process.pid * 2) % 256;
  const cables = { redis: cable(name, 'r', network), others: cable(name, 'o', network + 1) };
  const servers: Server[] = [];
  const made: Cable[] = [];
  const dispose = () => {
    for (const server of servers) server.close();
    // The network itself lasts until the last process in it has ended.
    for (const { here } of made) ip('link', 'del', here);
    ip('netns', 'del', name);
  };
  ip('netns', 'add', name);
  try {
    for (const one of Object.values(cables)) {
      const { here, there, host, guest } = one;
      ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', name);
      made.push(one);
      ip('addr', 'add', `${host}/30`, 'dev', here);
      ip('link', 'set', here, 'up');
      ip('-n', name, 'addr', 'add', `${guest}/30`, 'dev', there);
      ip('-n', name, 'link', 'set', there, 'up');
    }
  } catch (error) {
    dispose();
    throw error;
  }
  return {
    command: ['ip', 'netns', 'exec', name],
    async reach(port, of) {
      const { host } = of ? cables.redis : cables.others;
      const server = forward(port);
      servers.push(server);
      server.listen(0, host);
      await once(server, 'listening');
      return { host, port: (server.address() as AddressInfo).port };
    },
    cut: () => void ip('link', 'set', cables.redis.here, 'down'),
    restore: () => void ip('link', 'set', cables.redis.here, 'up'),
    async [Symbol.asyncDispose]() {
      dispose();
    },
  };
}

interface Cable {
  /** The names of its ends. */
  readonly here: string;
  readonly there: string;
  /** Their addresses. */
  readonly host: string;
  readonly guest: string;
}

function cable(name: string, letter: string, network: number): Cable {
  const prefix = `198.18.${network % 256}`;
  return { here: `${name}${letter}0`, there: `${name}${letter}1`, host: `${prefix}.1`, guest: `${prefix}.2` };
}

/** The services listen on 127.0.0.1 only, which is another one in the namespace. */
function forward(port: number): Server {
  return createServer((near) => {
    const far = connect(port, '127.0.0.1');
    near.setNoDelay();
    far.setNoDelay();
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('error', () => {});
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
  });
}
