import { PageturnError } from '../../core/errors.js';
import type { InstanceResource } from './instance-resources.js';

/** The outcome for a resource: a result, or the error that prevented one. */
export interface ResourceOutcome<R> {
  readonly resource: InstanceResource;
  readonly result: R | undefined;
  readonly error: Error | undefined;
}

/**
 * Each operation has a quota of its own, but AWS advises against many at once ("Best practices for using Connect
 * Customer APIs"): 4 of 40 lists leave the rest of the account's traffic alone.
 */
const CONCURRENCY = 4;

/**
 * Works on several resources at a time. One that fails does not stop the others; the outcomes are in the order of the
 * resources. Rejects with the first error if all of them fail, and with the reason of the signal.
 */
export async function forEachResource<R>(
  resources: readonly InstanceResource[],
  work: (resource: InstanceResource) => Promise<R>,
  signal: AbortSignal | undefined,
): Promise<readonly ResourceOutcome<R>[]> {
  const outcomes = new Map<InstanceResource, ResourceOutcome<R>>();
  const waiting = [...resources];
  const works = async () => {
    for (let resource = waiting.shift(); resource; resource = waiting.shift()) {
      signal?.throwIfAborted();
      outcomes.set(resource, await outcomeOf(resource, work, signal));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, works));
  const inOrder = resources.flatMap((resource) => outcomes.get(resource) ?? []);
  const [first] = inOrder;
  if (first?.error && inOrder.every(({ error }) => error)) throw first.error;
  return inOrder;
}

async function outcomeOf<R>(
  resource: InstanceResource,
  work: (resource: InstanceResource) => Promise<R>,
  signal: AbortSignal | undefined,
): Promise<ResourceOutcome<R>> {
  try {
    return { resource, result: await work(resource), error: undefined };
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof Error) || isWrongUse(error)) throw error;
    return { resource, result: undefined, error };
  }
}

function isWrongUse(error: Error): boolean {
  return error instanceof PageturnError && error.code === 'ERR_INVALID_ARGUMENT';
}
