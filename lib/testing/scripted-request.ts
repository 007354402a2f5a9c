import type { PageCall } from '../core/page.js';
import type { ScriptedFaultKind } from './scripted-fault.js';

/** A request that the scripted service received. */
export interface ScriptedRequest {
  /** Counted from 1. */
  readonly number: number;
  readonly token: string | undefined;
  /** The requested page size; undefined if the request left it to the service. */
  readonly pageSize: number | undefined;
  /**
   * How it was answered: `page`, the fault's kind, `rejected` for an unknown token or beyond `maxRequests`, or undefined
   * while it hangs.
   */
  readonly answer: 'page' | ScriptedFaultKind | 'rejected' | undefined;
  /** Whether its signal aborted before it was answered. */
  readonly aborted: boolean;
}

export type LoggedRequest = { -readonly [K in keyof ScriptedRequest]: ScriptedRequest[K] };

/** Adds a request to the log, answers it, and notes if its signal aborts in the meantime. */
export async function logRequest<R>(
  log: LoggedRequest[],
  token: string | undefined,
  { signal, pageSize }: PageCall,
  answer: (request: LoggedRequest) => Promise<R>,
): Promise<R> {
  signal?.throwIfAborted();
  const request: LoggedRequest = {
    number: log.length + 1,
    token,
    pageSize,
    answer: undefined,
    aborted: false,
  };
  log.push(request);
  const onAbort = () => {
    request.aborted = true;
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await answer(request);
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}
