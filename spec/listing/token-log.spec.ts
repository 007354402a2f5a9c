import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DigestSet } from '../../lib/listing/pages/digest-set.js';
import { TokenLog } from '../../lib/listing/pages/token-log.js';

const digests = fc.oneof(fc.nat({ max: 200 }), fc.nat({ max: Number.MAX_SAFE_INTEGER }));
const steps = fc.array(fc.tuple(fc.constantFrom('add', 'add', 'add', 'delete', 'clear'), digests), {
  maxLength: 400,
});

it('a set of digests answers as a Set does, whatever was deleted from it', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const set = new DigestSet();
      const model = new Set<number>();
      for (const [step, digest] of all) {
        if (step === 'add') expect(set.add(digest)).toBe(!model.has(digest));
        if (step === 'add') model.add(digest);
        if (step === 'delete') set.delete(digest);
        if (step === 'delete') model.delete(digest);
        // The property would hardly ever grow the set if it were cleared as often as that.
        if (step === 'clear' && digest < 20) set.clear();
        if (step === 'clear' && digest < 20) model.clear();
        expect(set.size).toBe(model.size);
        expect(set.has(digest)).toBe(model.has(digest));
      }
      for (const digest of model) expect(set.has(digest)).toBe(true);
    }),
  );
});

describe('the tokens a traversal has used', () => {
  it('a token of a page that was asked for and dropped may be used again, one of a delivered page may not', () => {
    const log = new TokenLog();
    log.enter(1);
    log.delivered();
    log.enter(2);
    log.enter(3);
    log.forgetAhead();
    expect(log.size).toBe(1);
    expect([1, 2, 3].map((id) => log.enter(id))).toEqual([false, true, true]);
  });

  it('a page counts as delivered only once it is', () => {
    const log = new TokenLog();
    log.enter(1);
    log.enter(2);
    expect([log.wasDelivered(1), log.wasDelivered(2)]).toEqual([false, false]);
    log.delivered();
    expect([log.wasDelivered(1), log.wasDelivered(2)]).toEqual([true, false]);
  });

  it('after a restart the tokens of pages that are still delivered may come again', () => {
    const log = new TokenLog();
    log.enter(1);
    log.enter(2);
    log.restart();
    log.delivered();
    expect(log.size).toBe(0);
    expect([1, 2].map((id) => log.enter(id))).toEqual([true, true]);
    log.delivered();
    expect([log.wasDelivered(1), log.wasDelivered(2)]).toEqual([true, false]);
  });
});
