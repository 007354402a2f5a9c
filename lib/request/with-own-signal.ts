import { onAbort, raceAbort } from '../core/abort.js';
import type { Send } from './with-attempt.js';

/**
 * Gives every call a signal of its own that aborts with the caller's, and rejects with its reason at once. However many
 * waits each call has inside, the caller's signal is watched once for it.
 */
export function withOwnSignal<I, O>(send: Send<I, O>): Send<I, O> {
  return async (input, call) => {
    if (!call.signal) return send(input, call);
    call.signal.throwIfAborted();
    const own = new AbortController();
    const unlink = onAbort(call.signal, (reason) => own.abort(reason));
    try {
      return await raceAbort(send(input, { ...call, signal: own.signal }), own.signal);
    } finally {
      unlink();
    }
  };
}
