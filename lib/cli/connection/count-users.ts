import { SearchUsersCommand } from '@aws-sdk/client-connect';
import { list } from '../../connect/list.js';
import type { ConnectionOptions } from '../arguments/options.js';
import { CliError } from '../cli-error.js';
import { listingOptions } from '../operations/operation.js';
import type { RunningCommand } from '../run-command.js';
import { openInstance } from './open-instance.js';

/** How many users the instance has: one request says so. */
export async function countUsers(
  options: ConnectionOptions,
  { signal, closeAtEnd }: RunningCommand,
): Promise<number> {
  const { client, id } = closeAtEnd(await openInstance(options, { signal }));
  const request = listingOptions({ ...options, pageSize: 1 });
  const pages = list(client, SearchUsersCommand, { InstanceId: id }, request).pages();
  for await (const { total } of pages.take(1).open({ signal })) if (total !== undefined) return total;
  throw new CliError('the instance did not return its number of users; pass a number: --plan 5000');
}
