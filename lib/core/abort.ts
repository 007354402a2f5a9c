import { invalidArgument } from './errors.js';

/**
 * Calls `act` with the reason when the signal aborts, or at once if it already has. Call the returned function to stop
 * listening. A signal gets one listener, however many wait on it, because Node warns from eleven on.
 */
export function onAbort(signal: AbortSignal, act: (reason: unknown) => void): () => void {
  if (signal.aborted) {
    act(signal.reason);
    return () => {};
  }
  const watch = watches.get(signal) ?? watchFor(signal);
  const own = (reason: unknown) => act(reason);
  watch.acts.add(own);
  return () => {
    if (!watch.acts.delete(own) || watch.acts.size > 0) return;
    signal.removeEventListener('abort', watch.listener);
    watches.delete(signal);
  };
}

interface Watch {
  readonly acts: Set<(reason: unknown) => void>;
  readonly listener: () => void;
}

const watches = new WeakMap<AbortSignal, Watch>();

function watchFor(signal: AbortSignal): Watch {
  const acts: Watch['acts'] = new Set();
  const listener = () => {
    for (const act of acts) act(signal.reason);
  };
  const watch = { acts, listener };
  watches.set(signal, watch);
  signal.addEventListener('abort', listener, { once: true });
  return watch;
}

/**
 * Settles as `work` does, or rejects with `signal.reason` as soon as the signal aborts, even if `work` ignores it. If
 * the work fails after that, its error is dropped, because nothing awaits it any more.
 */
export function raceAbort<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const unlink = onAbort(signal, reject);
    work.then(resolve, reject).finally(unlink);
  });
}

/** Throws ERR_INVALID_ARGUMENT for anything but a signal, such as its controller. */
export function assertSignal(signal: unknown): void {
  if (signal === undefined) return;
  const { aborted, addEventListener } = (signal ?? {}) as Partial<AbortSignal>;
  if (typeof aborted === 'boolean' && typeof addEventListener === 'function') return;
  throw invalidArgument('signal', 'an AbortSignal (controller.signal)', signal);
}
