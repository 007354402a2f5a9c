import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type CollectGarbage = (options?: { readonly type: 'minor' | 'major' }) => void;

/** Collects garbage until something has happened because of it, at most a hundred times. */
export async function collectGarbage(hasHappened: () => boolean): Promise<void> {
  const gc = garbageCollector();
  for (let round = 0; round < 100 && !hasHappened(); round++) {
    gc();
    await setImmediate();
  }
}

/** The engine's own: a `minor` collection leaves the old generation alone. */
export function garbageCollector(): CollectGarbage {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as CollectGarbage;
}
