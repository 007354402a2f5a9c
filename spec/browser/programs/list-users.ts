/** Runs in a page: lists the users of a sandbox through the SDK's own client, bundled for a browser. */
import { ConnectClient } from '@aws-sdk/client-connect';
import { Cursor } from 'pageturn';
import { listUsers } from 'pageturn/connect';
import type { Sandbox } from 'pageturn/sandbox';

/** The part of a sandbox that is plain data, and so can cross from the spec to the page. */
export type SandboxAddress = Pick<Sandbox, 'instanceId' | 'clientConfig'>;

/** What a run ends with; it crosses back to the spec. */
export interface Outcome {
  readonly ids: readonly (string | undefined)[];
  readonly reason: string | undefined;
  readonly error: string | undefined;
  /** The cursor as JSON text. */
  readonly cursor: string;
}

const abort = new AbortController();

/** Lists all users, or those from a cursor on. */
export async function list(
  { instanceId, clientConfig }: SandboxAddress,
  { from }: { readonly from?: string } = {},
): Promise<Outcome> {
  const client = new ConnectClient(clientConfig);
  const users = listUsers(client, { InstanceId: instanceId }, { signal: abort.signal });
  const walk = users.open(from === undefined ? {} : { from: Cursor.parse(from) });
  const ids: (string | undefined)[] = [];
  let error: string | undefined;
  try {
    for await (const { Id } of walk) ids.push(Id);
  } catch (reason) {
    error = String(reason);
  }
  return { ids, reason: walk.end?.reason, error, cursor: JSON.stringify(walk.cursor) };
}

/** Aborts the run that is in progress. */
export function leave(): void {
  abort.abort(new Error('the page was left'));
}
