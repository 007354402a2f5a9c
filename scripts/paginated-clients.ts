import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SendingClient } from '../lib/aws/create-send.js';

/** A client of an AWS service, with its command classes by operation. */
export interface ServiceClient {
  readonly client: SendingClient;
  /** The service id, such as `Route 53`. */
  readonly service: string;
  readonly commands: ReadonlyMap<string, unknown>;
}

/** The packages of the clients whose schemas are checked, without `@aws-sdk/client-`. */
export const CLIENTS =
  `api-gateway athena auto-scaling backup batch cloudformation cloudfront cloudtrail cloudwatch cloudwatch-logs
  codecommit cognito-identity-provider config-service connect customer-profiles docdb dynamodb dynamodb-streams ec2 ecr
  ecs efs elastic-load-balancing elastic-load-balancing-v2 elasticache emr eventbridge firehose glue guardduty iam iot
  kinesis kms lambda neptune organizations qconnect quicksight rds redshift route-53 s3 sagemaker secrets-manager
  securityhub sfn sns sqs ssm transfer wafv2`.split(/\s+/);

/** Loads the clients from a folder with node_modules, by default a temporary one into which npm installs them. */
export function loadClients(folder: string | undefined): Promise<ServiceClient[]> {
  const require = createRequire(join(folder ?? installClients(), 'package.json'));
  return Promise.all(
    CLIENTS.map(async (name) => readClient(await import(require.resolve(`@aws-sdk/client-${name}`)))),
  );
}

function installClients(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pageturn-clients-'));
  const packages = CLIENTS.map((name) => `@aws-sdk/client-${name}`);
  const flags = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
  execFileSync('npm', ['install', '--prefix', folder, ...flags, ...packages], {
    cwd: folder,
    stdio: 'inherit',
  });
  return folder;
}

/** Reads the exports of a client's package. */
export function readClient(exports: object): ServiceClient {
  const entries = Object.entries(exports);
  const [, Client] =
    entries.find(([name]) => name !== 'Client' && /Client$/.test(name) && !name.startsWith('__')) ?? [];
  if (typeof Client !== 'function') throw new Error('the package exports no client');
  const client: SendingClient & { config: { serviceId: string } } = Reflect.construct(Client, [
    { region: 'eu-central-1' },
  ]);
  const commands = entries.flatMap(([name, value]) => {
    const operation = /^([A-Z]\w+)Command$/.exec(name)?.[1];
    return operation === undefined ? [] : [[operation, value] as const];
  });
  return { client, service: client.config.serviceId, commands: new Map(commands) };
}
