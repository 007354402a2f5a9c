import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { assertObject } from '../core/assert-known-options.js';
import { systemClock } from '../core/clock.js';
import { type Account, createAccount } from './account.js';
import { errorAnswer, sendAnswer } from './answer.js';
import { REGION } from './arn.js';
import { assertFaultRule } from './assert-fault-rule.js';
import { crossOrigin } from './cross-origin.js';
import type { Fault, FaultScope } from './fault.js';
import { createFaultPlan } from './fault-plan.js';
import type { Instance } from './instances.js';
import { isCrossSite } from './is-cross-site.js';
import type { OperationName } from './operations.js';
import { quotaOf } from './quota-of.js';
import { createRequestStats, type SandboxStats } from './request-stats.js';
import type { SandboxDirectory } from './sandbox-directory.js';
import type { SandboxInstance } from './sandbox-instance.js';
import { assertSandboxOptions, type SandboxOptions } from './sandbox-options.js';
import { type Service, serveRequest, warnOf } from './serve-request.js';
import { crossSiteRequest } from './service-error.js';
import { createTokenBucket, type TokenBucket } from './token-bucket.js';

/** A running sandbox, as `startSandbox` starts it. */
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
  /** The users of the first instance. */
  readonly directory: SandboxDirectory;
  /** All instances, in the order of ListInstances; the first is the one of `instanceId`. */
  readonly instances: readonly SandboxInstance[];
  /** Makes the next request fail, or the requests that `scope` selects. */
  inject(fault: Fault, scope?: FaultScope): void;
  /** A copy of the request counts and the log so far. */
  stats(): SandboxStats;
  /** Stops the server at once and drops all connections, including those of hanging requests. */
  close(): Promise<void>;
}

/**
 * Starts a small Amazon Connect on 127.0.0.1: an instance with any number of users, the real service's quotas, and
 * faults on demand. The AWS SDKs and the AWS CLI work with it through their endpoint setting; signatures are not
 * checked. Throws ERR_INVALID_ARGUMENT for unknown or invalid options, and Node's own error if the port is taken.
 *
 * @example
 * const sandbox = await startSandbox({ users: 12_000 });
 * const client = new ConnectClient(sandbox.clientConfig);
 * await client.send(new ListUsersCommand({ InstanceId: sandbox.instanceId }));
 * await sandbox.close();
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  assertSandboxOptions(options);
  const { users = 1000, latencyMs = 0, seed = 1, tokens = 'key', faults: rules = [] } = options;
  const { tokenLifetimeMs = Number.POSITIVE_INFINITY, cors = false, clock = systemClock, port = 0 } = options;

  const account = createAccount({
    seed,
    users: [users].flat(),
    userTokens: tokens,
    tokenLifetimeMs,
    clock,
  });
  const instances = account.instances.map((instance) => toPublic(instance, account));
  const [own] = instances;
  if (!own) throw new Error('the sandbox has no instance');
  const faults = createFaultPlan(rules, seed);
  const stats = createRequestStats(clock);
  const closing = new AbortController();
  const service: Service = {
    account,
    faults,
    stats,
    bucketOf: keyed<OperationName, TokenBucket>((operation) =>
      createTokenBucket(quotaOf(operation, options), clock),
    ),
    sentTokensOf: keyed<string, string[]>(() => []),
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
    instanceId: own.id,
    clientConfig: {
      endpoint,
      region: REGION,
      credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
    },
    directory: own.directory,
    instances,
    inject(fault, scope = {}) {
      assertObject('the scope of a fault', scope);
      const rule = { ...scope, ...fault };
      assertFaultRule(rule, 'fault');
      faults.inject(rule);
    },
    stats: stats.read,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function toPublic(instance: Instance, { instances }: Account): SandboxInstance {
  const { Id, Arn, InstanceAlias } = instance.summary;
  return {
    id: Id,
    arn: Arn,
    alias: InstanceAlias,
    directory: instance.directory,
    delete() {
      const index = instances.indexOf(instance);
      if (index >= 0) instances.splice(index, 1);
    },
  };
}

function createSandboxServer(service: Service, cors: boolean): Server {
  let requests = 0;
  const server = createServer((request, response) => {
    if (cors && crossOrigin(request, response)) return;
    const requestId = service.account.ids.of('request', requests++ % MAX_REQUEST_IDS);
    if (!cors && isCrossSite(request)) {
      request.resume();
      sendAnswer(response, requestId, errorAnswer(crossSiteRequest()));
      return;
    }
    serveRequest(service, requestId, request, response).catch((error: unknown) => {
      response.destroy();
      // If the client hung up or the sandbox is closing, there is no one left to answer. Anything else is a bug.
      if (!service.signal.aborted && !request.errored) warnOf(error);
    });
  });
  // A paced client can be idle for longer than Node's default of five seconds; closing its connection would look like a fault.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  return server;
}

/** An id is made from a 32-bit number. */
const MAX_REQUEST_IDS = 2 ** 32;

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

function keyed<K, T>(make: (key: K) => T): (key: K) => T {
  const values = new Map<K, T>();
  return (key) => {
    const value = values.get(key) ?? make(key);
    values.set(key, value);
    return value;
  };
}
