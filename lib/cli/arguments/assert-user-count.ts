import { assertConnection } from './assert-connection.js';
import type { ConnectionOptions } from './options.js';

/** Throws a usage error for a `--plan` that has no number of users, and no instance to ask for it. */
export function assertUserCount({
  plan,
  ...options
}: ConnectionOptions & { readonly plan?: number | true }): void {
  if (plan === true)
    assertConnection(options, 'name the instance, or pass a number of users, such as --plan 5000');
}
