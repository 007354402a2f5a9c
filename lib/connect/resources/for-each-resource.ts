import { onAbort } from '../../core/abort.js';
import { PageturnError } from '../../core/errors.js';
import { areCredentialsRefused } from '../../core/is-credential-error.js';

/** The outcome for a resource: a result, or the error that prevented one. */
export interface ResourceOutcome<N, R> {
  readonly resource: N;
  readonly result: R | undefined;
  readonly error: Error | undefined;
}

/**
 * Each operation has its own quota, but AWS advises against many at once ("Best practices for using Connect
 * Customer APIs"): 4 of 40 lists leave the rest of the account's traffic alone.
 */
export const CONCURRENCY = 4;

/**
 * Works on several resources at a time. One that cannot be read does not stop the others; the outcomes are in the order of
 * the resources. Rejects with the first error if all of them fail, with one that each would meet, such as a full disk, and
 * with the reason of the signal; then the signal that `work` gets is aborted, and nothing is in progress any more.
 */
export async function forEachResource<N, R>(
  resources: readonly N[],
  work: (resource: N, signal: AbortSignal) => Promise<R>,
  signal: AbortSignal | undefined,
): Promise<readonly ResourceOutcome<N, R>[]> {
  const run = new AbortController();
  const unlink = signal && onAbort(signal, (reason) => run.abort(reason));
  const outcomes = new Map<N, ResourceOutcome<N, R>>();
  const waiting = [...resources];
  const works = async () => {
    while (!run.signal.aborted) {
      const resource = waiting.shift();
      if (resource === undefined) return;
      try {
        outcomes.set(resource, await outcomeOf(resource, work, run.signal));
      } catch (error) {
        run.abort(error);
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, works));
  unlink?.();
  run.signal.throwIfAborted();
  const inOrder = resources.flatMap((resource) => outcomes.get(resource) ?? []);
  const [first] = inOrder;
  if (first?.error && inOrder.every(({ error }) => error)) throw first.error;
  return inOrder;
}

async function outcomeOf<N, R>(
  resource: N,
  work: (resource: N, signal: AbortSignal) => Promise<R>,
  signal: AbortSignal,
): Promise<ResourceOutcome<N, R>> {
  try {
    return { resource, result: await work(resource, signal), error: undefined };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Error) || isOfTheRun(error)) throw error;
    return { resource, result: undefined, error };
  }
}

/** Whether the other resources would meet the error too: a wrong use, files that cannot be written, refused credentials. */
function isOfTheRun(error: Error): boolean {
  if (!(error instanceof PageturnError)) return false;
  return OF_THE_RUN.has(error.code) || areCredentialsRefused(error.cause);
}

const OF_THE_RUN: ReadonlySet<string> = new Set([
  'ERR_INVALID_ARGUMENT',
  'ERR_DESTINATION_FAILED',
  'ERR_FILE_CHANGED',
  'ERR_FILE_LOCKED',
]);
