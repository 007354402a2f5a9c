import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { fromPages } from '../../lib/from-pages.js';
import { adaptivePacer } from '../../lib/pace/adaptive-pacer.js';
import { ignore, modelService } from '../listing/model-service.js';

// Node warns of a leak from the eleventh listener on a signal.
const MANY = 12;

describe('a shared signal', () => {
  it('a signal shared by many traversals has one listener, and none after they have ended', async () => {
    const { signal } = new AbortController();
    const walks = Array.from({ length: MANY }, () => {
      const service = modelService(1);
      service.faults.set(0, ignore);
      return fromPages(service.fetchPage).open({ signal });
    });
    const waiting = walks.map((walk) => walk.next());
    await new Promise(setImmediate);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    for (const walk of walks) await walk.return();
    await Promise.all(waiting);
    await new Promise(setImmediate);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('a signal shared by many waits for a permit has one listener', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const pacer = adaptivePacer({ ratePerSecond: 1, burst: 1, learn: false });
    const waiting = Array.from({ length: MANY }, () => pacer.acquire(signal));
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    controller.abort('enough');
    expect((await Promise.allSettled(waiting)).filter(({ status }) => status === 'rejected')).toHaveLength(
      MANY - 1,
    );
  });
});
