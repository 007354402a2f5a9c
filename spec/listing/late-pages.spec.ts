import { describe, expect, it } from 'vitest';
import { type Fault, ids, modelService, type Person } from './model-service.js';

/** Answers when `arrive` is called, even if its signal has aborted. */
function lateAnswer(): { fault: Fault; arrive: () => Promise<void> } {
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  return {
    fault: (page) => arrived.then(page),
    arrive: () => {
      arrive();
      return new Promise(setImmediate);
    },
  };
}

function failOnce(id: string): (person: Person) => Person {
  let hasFailed = false;
  return (person) => {
    if (person.id !== id || hasFailed) return person;
    hasFailed = true;
    throw new Error('it broke');
  };
}

describe('a page that arrives after the traversal abandoned it', () => {
  it('a late page does not move the position if it was fetched again in the meantime', async () => {
    const service = modelService(16, 4);
    const late = lateAnswer();
    service.faults.set(1, late.fault);
    const fails = failOnce('p3');
    const walk = service
      .listing()
      .mapAsync(
        async (person) => {
          await new Promise(setImmediate);
          return fails(person);
        },
        { concurrency: 2 },
      )
      .open();
    const seen: Person[] = [];
    const read = async () => {
      for await (const person of walk) {
        seen.push(person);
        if (person.id === 'p9') await late.arrive();
      }
    };
    await expect(read()).rejects.toMatchObject({ code: 'ERR_CALLBACK_FAILED' });
    await read();
    expect(ids(seen)).toEqual(ids(service.people));
  });

  it('a failure that comes late does not end the wait for the fetch that took its place', async () => {
    const service = modelService(16, 4);
    const [late, again] = [lateAnswer(), lateAnswer()];
    service.faults.set(1, async (...request) => {
      await late.fault(...request);
      throw new Error('too late');
    });
    service.faults.set(2, again.fault);
    const fails = failOnce('p3');
    const work = async (person: Person) => {
      await new Promise(setImmediate);
      return fails(person);
    };
    const walk = service.listing().mapAsync(work, { concurrency: 2 }).open();
    const seen: Person[] = [];
    const read = async () => {
      for await (const person of walk) seen.push(person);
    };
    await expect(read()).rejects.toMatchObject({ code: 'ERR_CALLBACK_FAILED' });
    const reading = read();
    while (service.requests.length < 3) await new Promise(setImmediate);
    await late.arrive();
    await again.arrive();
    await reading;
    expect(ids(seen)).toEqual(ids(service.people));
    expect(service.requests).toHaveLength(5);
  });

  it.each(['fail', 'stop'] as const)(
    'a late page does not count as a repeated token (onCycle: %s)',
    async (onCycle) => {
      const service = modelService(6);
      const late = lateAnswer();
      service.faults.set(1, late.fault);
      const walk = service.listing({ onCycle }).prefetch(1).map(failOnce('p1')).open();
      await walk.next();
      await expect(walk.next()).rejects.toMatchObject({ code: 'ERR_CALLBACK_FAILED' });
      await late.arrive();
      const rest: Person[] = [];
      for await (const person of walk) rest.push(person);
      expect(ids(rest)).toEqual(['p1', 'p2', 'p3', 'p4', 'p5']);
    },
  );

  it('a token that is rejected late does not start the listing over', async () => {
    const service = modelService(6);
    const late = lateAnswer();
    service.faults.set(1, async (...request) => {
      await late.fault(...request);
      throw new Error('token expired');
    });
    const listing = service.listing({ onTokenRejected: 'restart', isTokenRejected: () => true });
    const walk = listing.prefetch(1).map(failOnce('p1')).open();
    await walk.next();
    await expect(walk.next()).rejects.toMatchObject({ code: 'ERR_CALLBACK_FAILED' });
    await late.arrive();
    const rest: Person[] = [];
    for await (const person of walk) rest.push(person);
    expect(ids(rest)).toEqual(['p1', 'p2', 'p3', 'p4', 'p5']);
    expect(walk.end).toMatchObject({ reason: 'exhausted', restarts: 0 });
  });

  it('a late page changes nothing in a stopped traversal', async () => {
    const service = modelService(6);
    const late = lateAnswer();
    service.faults.set(0, late.fault);
    const walk = service.listing().open();
    const waiting = walk.next();
    await walk.return();
    expect(await waiting).toMatchObject({ done: true });
    await late.arrive();
    expect(walk.stats.pages).toBe(0);
  });
});
