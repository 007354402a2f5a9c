import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Collects garbage until something has happened because of it, at most a hundred times. */
export async function collectGarbage(hasHappened: () => boolean): Promise<void> {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  for (let round = 0; round < 100 && !hasHappened(); round++) {
    gc();
    await setImmediate();
  }
}
