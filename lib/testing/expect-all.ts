import { expectItems } from './expect-items.js';
import type { Scene, Trial } from './trial.js';

/** A listing of this kind is given from its first item to its last. */
export async function expectAll(trial: Trial, scene: Scene): Promise<void> {
  const { ids, open } = await trial.begin({ maxRequests: 100, ...scene });
  expectItems(trial.pager, await open().rest(), ids);
}
