import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../lib/core/clock.js';
import {
  type Sandbox,
  type SandboxOptions,
  type SandboxUser,
  startSandbox,
} from '../../lib/sandbox/index.js';

/** A sandbox, by default without a quota, that is closed after the test. */
export async function sandboxFor(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ ratePerSecond: Number.POSITIVE_INFINITY, ...options });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** Resolves when the sandbox has received `count` requests. */
export async function requestsAt(sandbox: Sandbox, count: number): Promise<void> {
  while (sandbox.stats().requests < count) await systemClock.sleep(5);
}

/** A folder that is deleted after the test. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pageturn-e2e-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A user as an NDJSON line, with its members in the order the service sends them. */
export function lineOf({ Id, Arn, Username, LastModifiedTime, LastModifiedRegion }: SandboxUser): string {
  return JSON.stringify({ Id, Arn, Username, LastModifiedTime, LastModifiedRegion });
}

/** The whole directory as NDJSON. */
export function ndjsonOf({ directory }: Sandbox): string {
  return [...directory.users()].map((user) => `${lineOf(user)}\n`).join('');
}
