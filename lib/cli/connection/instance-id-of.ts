import type { ConnectClient } from '@aws-sdk/client-connect';
import type { InstanceReference } from '../arguments/instance-reference.js';
import { listingOptions, type RequestOptions } from '../operations/operation.js';

/** The id of the instance that a reference names; the service is asked for an alias. */
export async function instanceIdOf(
  reference: InstanceReference,
  client: ConnectClient,
  { options, signal }: { readonly options: RequestOptions; readonly signal: AbortSignal | undefined },
): Promise<string> {
  if (reference.kind === 'id') return reference.id;
  const { findInstance } = await import('./find-instance.js');
  const { retry } = listingOptions(options);
  return findInstance(client, reference.alias, { retry, signal });
}
