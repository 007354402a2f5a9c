import { onAbort, raceAbort } from '../core/abort.js';
import type { Send } from './with-attempt.js';

/**
 * Gives every call its own signal, which aborts with the caller's, and rejects with the reason at once. Each call
 * has one listener on the caller's signal, however many waits it contains.
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
