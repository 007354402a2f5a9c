import type { ConnectClientConfig, UserSummary } from '@aws-sdk/client-connect';
import { fingerprint } from '../core/fingerprint.js';
import type { Listing } from '../listing/listing.js';
import { type BackgroundTraffic, startBackgroundTraffic } from './background-traffic.js';
import { CliError } from './cli-error.js';
import { formatCount } from './format.js';
import type { ConnectionOptions } from './options.js';

/** An Amazon Connect instance, real or in the sandbox. */
export interface Instance {
  /** Its users; nothing is sent yet. */
  readonly users: Listing<UserSummary>;
  /** Identifies the instance without naming it, as in cursors. */
  readonly digest: string;
  /** Set if the instance is in a sandbox. */
  readonly sandbox: SandboxFacts | undefined;
  close(): Promise<void>;
}

interface SandboxFacts {
  readonly users: number;
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** Opens the instance or starts a sandbox. The AWS client is loaded here because loading it takes a while. */
export async function openInstance({
  instanceId: InstanceId = '',
  sandbox,
  region,
  profile,
  endpointUrl,
  ...requests
}: ConnectionOptions): Promise<Instance> {
  if (sandbox) return openSandbox(sandbox === true ? 12_000 : sandbox, requests);
  const config: ConnectClientConfig = {
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(endpointUrl !== undefined && { endpoint: endpointUrl }),
  };
  return { ...(await connect(config, InstanceId, requests)), sandbox: undefined };
}

/** Describes the sandbox in one line. */
export function describeSandbox({ users, ratePerSecond, burst }: SandboxFacts): string {
  return `a sandbox on this machine: ${formatCount(users, 'user')}, ${ratePerSecond} requests/s with a burst of ${burst}, some of which other clients use up`;
}

/** The options for requests. */
type RequestOptions = Pick<ConnectionOptions, 'pageSize' | 'share'>;

async function openSandbox(users: number, requests: RequestOptions): Promise<Instance> {
  // The documented quota of ListUsers. Background traffic uses part of it, so that the user sees a throttle.
  const facts = { users, ratePerSecond: 2, burst: 5 };
  const { startSandbox } = await import('../sandbox/start-sandbox.js');
  const sandbox = await startSandbox(facts);
  let backgroundTraffic: BackgroundTraffic | undefined;
  try {
    const instance = await connect(sandbox.clientConfig, sandbox.instanceId, requests);
    backgroundTraffic = await startBackgroundTraffic(sandbox);
    return {
      ...instance,
      sandbox: facts,
      async close() {
        await instance.close();
        await backgroundTraffic?.stop();
        await sandbox.close();
      },
    };
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}

async function connect(config: ConnectClientConfig, InstanceId: string, { pageSize, share }: RequestOptions) {
  process.env[QUIET_SDK] ??= 'true';
  const [{ ConnectClient }, { listUsers }] = await loadClient();
  const client = new ConnectClient({ ...config, logger: SILENT });
  return {
    users: listUsers(client, { InstanceId }, { pageSize, pace: share === undefined ? undefined : { share } }),
    digest: fingerprint(InstanceId),
    close: async () => client.destroy(),
  };
}

// On Node 20 the SDK prints seven lines about its future Node requirement, which does not concern the CLI's user.
const QUIET_SDK = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

// With --profile and keys in the environment, the SDK prints nine lines to say that the profile takes precedence.
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

async function loadClient() {
  try {
    return await Promise.all([import('@aws-sdk/client-connect'), import('../connect/list-users.js')]);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes('@aws-sdk/client-connect')) throw error;
    throw new CliError('the AWS client is not installed: npm install @aws-sdk/client-connect', 1, error);
  }
}
