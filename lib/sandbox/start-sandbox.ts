import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, systemClock } from '../core/clock.js';
import { createAccount } from './account.js';
import { REGION } from './arn.js';
import { assertFaultRule } from './assert-fault-rule.js';
import { assertSandboxOptions } from './assert-sandbox-options.js';
import { crossOrigin } from './cross-origin.js';
import type { SandboxDirectory } from './directory.js';
import type { Fault, FaultRule, FaultScope } from './fault.js';
import { createFaultPlan } from './fault-plan.js';
import { createRequestStats, type SandboxStats } from './request-stats.js';
import { type Service, serveRequest } from './serve-request.js';
import { createTokenBucket, type TokenBucket } from './token-bucket.js';

export interface SandboxOptions {
  /** How many users the directory has: a whole number from 0 to 2,147,483,648; 1,000 by default. They take no memory. */
  readonly users?: number;
  /** Requests a second that each operation allows, above 0, or Infinity; 2 by default, as the service documents. */
  readonly ratePerSecond?: number;
  /** How many requests an idle operation takes at once: a whole number of 1 or more; 5 by default, as documented. */
  readonly burst?: number;
  /** How long each answer takes at least, in milliseconds; 0 by default. */
  readonly latencyMs?: number;
  /** Which directory: a whole number from 0 to 4,294,967,295; 1 by default. The same seed gives the same users, Ids and tokens. */
  readonly seed?: number;
  /** What goes wrong, and when; nothing by default. */
  readonly faults?: readonly FaultRule[];
  /**
   * What a page token of ListUsers remembers: the last user given (`key`, the default), or how many were (`offset`).
   * With `offset` a directory that changes during a walk makes it repeat users or skip some.
   */
  readonly tokens?: 'key' | 'offset';
  /** Whether web pages of any origin may use the sandbox (CORS, preflights included); false by default. */
  readonly cors?: boolean;
  /** Time for quota and latency; the system's by default. */
  readonly clock?: Clock;
  /** The port on 127.0.0.1; 0, the default, takes a free one. */
  readonly port?: number;
}

export interface Sandbox extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  readonly instanceId: string;
  /** For `new ConnectClient(sandbox.clientConfig)`. */
  readonly clientConfig: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  readonly directory: SandboxDirectory;
  /** Lets something go wrong with the next request, or those `scope` says. */
  inject(fault: Fault, scope?: FaultScope): void;
  /** What the sandbox has seen so far: a copy. */
  stats(): SandboxStats;
  /** Ends everything at once: open requests, hanging ones, idle connections. */
  close(): Promise<void>;
}

/**
 * Starts a small Amazon Connect on 127.0.0.1: an instance with any number of users, the quotas of the real service, and
 * faults on demand. The AWS SDKs and the AWS CLI work against it through their endpoint setting; signatures are not
 * checked. Throws ERR_INVALID_ARGUMENT for options it does not know or cannot take, and what Node throws where the
 * port is taken.
 *
 * @example
 * await using sandbox = await startSandbox({ users: 12_000 });
 * const client = new ConnectClient(sandbox.clientConfig);
 * await client.send(new ListUsersCommand({ InstanceId: sandbox.instanceId }));
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  assertSandboxOptions(options);
  const { users = 1000, ratePerSecond = 2, burst = 5, latencyMs = 0, seed = 1, tokens = 'key' } = options;
  const { faults: rules = [], cors = false, clock = systemClock, port = 0 } = options;

  const account = createAccount({ seed, users, userTokens: tokens });
  const faults = createFaultPlan(rules, seed);
  const stats = createRequestStats(clock);
  const closing = new AbortController();
  const service: Service = {
    account,
    faults,
    stats,
    bucketOf: keyed<TokenBucket>(() => createTokenBucket({ ratePerSecond, burst }, clock)),
    trailOf: keyed<string[]>(() => []),
    latencyMs,
    clock,
    signal: closing.signal,
  };
  const server = createSandboxServer(service, cors);
  const endpoint = `http://127.0.0.1:${await listen(server, port)}`;
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= closeServer(server, closing);
    return closed;
  };
  return {
    endpoint,
    instanceId: account.instances[0]?.Id ?? '',
    clientConfig: {
      endpoint,
      region: REGION,
      credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
    },
    directory: account.directory,
    inject(fault, scope = {}) {
      const rule = { ...scope, ...fault };
      assertFaultRule(rule, 'fault');
      faults.inject(rule);
    },
    stats: stats.read,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function createSandboxServer(service: Service, cors: boolean): Server {
  let requests = 0;
  const server = createServer((request, response) => {
    if (cors && crossOrigin(request, response)) return;
    const requestId = service.account.ids.of('request', requests++);
    // Whoever hangs up, the client or the closing sandbox, leaves nobody to answer; anything else is a bug, and loud.
    serveRequest(service, requestId, request, response).catch((error: unknown) => {
      response.destroy();
      if (!service.signal.aborted && !request.errored) throw error;
    });
  });
  // A paced client is idle for longer than Node's five seconds; closing under it would look like a fault.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  return server;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function closeServer(server: Server, closing: AbortController): Promise<void> {
  closing.abort();
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function keyed<T>(make: () => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    const value = known.get(key) ?? make();
    known.set(key, value);
    return value;
  };
}
