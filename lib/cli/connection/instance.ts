import type { ConnectClient } from '@aws-sdk/client-connect';
import { formatCount } from '../format.js';

/** An Amazon Connect instance, real or in the sandbox; nothing is sent yet. */
export interface Instance {
  readonly client: ConnectClient;
  /** A client for each Region that was named; the first is `client`. */
  readonly clients: readonly ConnectClient[];
  /** Empty if none was named. */
  readonly id: string;
  /** Rejects without a Region or credentials, before anything is sent or written. */
  assertReady(): Promise<void>;
  /** Set if the instance is in a sandbox. */
  readonly sandbox: SandboxFacts | undefined;
  close(): Promise<void>;
}

interface SandboxFacts {
  readonly users: number;
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** Describes the sandbox in one line; undefined for a real instance. */
export function describeSandbox({ sandbox }: Instance): string | undefined {
  if (!sandbox) return undefined;
  const { users, ratePerSecond, burst } = sandbox;
  return `a sandbox on this machine: ${formatCount(users, 'user')}, ${ratePerSecond} requests/s with a burst of ${burst}, some of which other clients use up`;
}
