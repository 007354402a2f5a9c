import { onAbort } from '../../core/abort.js';
import { systemClock } from '../../core/clock.js';
import type { Sandbox } from '../../sandbox/start-sandbox.js';

export interface BackgroundTraffic {
  stop(): Promise<void>;
}

// Uses two of the burst of five, then a quarter of the rate of two per second.
const INITIAL_REQUESTS = 2;
const INTERVAL_MS = 2000;

/** Simulates another client that shares the sandbox's quota: a few requests at once, then one every two seconds. */
export async function startBackgroundTraffic({ endpoint, instanceId }: Sandbox): Promise<BackgroundTraffic> {
  const controller = new AbortController();
  const { signal } = controller;
  const send = async () => {
    // Each request has its own signal: fetch leaves a listener on it until it is garbage-collected.
    const request = new AbortController();
    const unlink = onAbort(signal, (reason) => request.abort(reason));
    try {
      const url = `${endpoint}/users-summary/${instanceId}?maxResults=1`;
      await (await fetch(url, { signal: request.signal })).arrayBuffer();
    } finally {
      unlink();
    }
  };
  for (let n = 0; n < INITIAL_REQUESTS; n++) await send();

  const sendForever = async () => {
    for (;;) {
      await systemClock.sleep(INTERVAL_MS, signal);
      await send();
    }
  };
  const stopped = sendForever().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return {
    async stop() {
      controller.abort();
      await stopped;
    },
  };
}
