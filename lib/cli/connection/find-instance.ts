import type { ConnectClient, InstanceSummary } from '@aws-sdk/client-connect';
import { instances } from '../../connect/instances.js';
import { didYouMean } from '../../core/did-you-mean.js';
import { fieldsOf } from '../../core/error-fields.js';
import type { RetryOptions } from '../../request/compose-send.js';
import { CliError } from '../cli-error.js';

interface FindInstanceOptions {
  readonly retry: RetryOptions;
  readonly signal: AbortSignal | undefined;
}

/** The id of the instance with an alias, which ListInstances knows. If several aliases differ in case only, the exact one counts. */
export async function findInstance(
  client: ConnectClient,
  alias: string,
  { retry, signal }: FindInstanceOptions,
): Promise<string> {
  const all = await listAll(client, alias, { retry, signal });
  const exact = all.filter(({ InstanceAlias }) => InstanceAlias === alias);
  const same = all.filter(({ InstanceAlias = '' }) => InstanceAlias.toLowerCase() === alias.toLowerCase());
  const matches = exact.length > 0 ? exact : same;
  const [first, second] = matches;
  const region = await client.config.region();
  if (second) {
    const ids = matches.map(({ Id, InstanceStatus }) => `${Id} (${InstanceStatus})`).join(', ');
    throw new CliError(
      `${matches.length} instances in ${region} have the alias ${alias}: ${ids}; pass the id of the one you mean`,
    );
  }
  if (first?.Id === undefined) {
    const aliases = all.flatMap(({ InstanceAlias }) => InstanceAlias ?? []);
    const hint = didYouMean(alias, aliases);
    throw new CliError(
      `no instance in ${region} has the alias ${alias}${hint}; check --instance-id, --region and --profile, or list them with pageturn instances`,
    );
  }
  assertActive(first, alias);
  return first.Id;
}

async function listAll(
  client: ConnectClient,
  alias: string,
  { retry, signal }: FindInstanceOptions,
): Promise<readonly InstanceSummary[]> {
  const found: InstanceSummary[] = [];
  try {
    for await (const one of instances(client, { retry }).open({ signal })) found.push(one);
    return found;
  } catch (error) {
    if (fieldsOf(Object(error).cause).name !== 'AccessDeniedException') throw error;
    throw new CliError(
      `the alias ${alias} cannot be looked up without the permission connect:ListInstances; pass the id or the ARN of the instance`,
      1,
      error,
    );
  }
}

/** An instance that is being created, or could not be, answers no request. */
function assertActive({ Id, InstanceStatus }: InstanceSummary, alias: string): void {
  if (InstanceStatus === undefined || InstanceStatus === 'ACTIVE') return;
  throw new CliError(`the instance ${alias} (${Id}) is not active: its status is ${InstanceStatus}`);
}
