import { systemClock } from '../core/clock.js';
import type { Sandbox } from '../sandbox/start-sandbox.js';

export interface BackgroundTraffic {
  stop(): Promise<void>;
}

// Two of the burst of five, then a quarter of two a second.
const AT_FIRST = 2;
const EVERY_MS = 2000;

/** Somebody else who draws on the quota of the sandbox: a few requests at once, then one every two seconds. */
export async function startBackgroundTraffic({ endpoint, instanceId }: Sandbox): Promise<BackgroundTraffic> {
  const stopped = new AbortController();
  const { signal } = stopped;
  const ask = async () => {
    const answer = await fetch(`${endpoint}/users-summary/${instanceId}?maxResults=1`, { signal });
    await answer.arrayBuffer();
  };
  for (let n = 0; n < AT_FIRST; n++) await ask();

  const work = async () => {
    for (;;) {
      await systemClock.sleep(EVERY_MS, signal);
      await ask();
    }
  };
  const ended = work().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return {
    async stop() {
      stopped.abort();
      await ended;
    },
  };
}
