import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digest } from '../../lib/core/fingerprint.js';
import { DigestSet } from '../../lib/listing/pages/digest-set.js';
import { TokenLog } from '../../lib/listing/pages/token-log.js';

const digests = fc.oneof(
  fc.nat({ max: 200 }),
  fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  fc.constant(Number.MAX_SAFE_INTEGER),
);

it('a set of digests answers as a Set does', () => {
  fc.assert(
    fc.property(fc.array(digests, { maxLength: 400 }), (all) => {
      const set = new DigestSet();
      const model = new Set<number>();
      for (const digest of all) {
        expect(set.has(digest)).toBe(model.has(digest));
        if (!model.has(digest)) set.add(digest);
        model.add(digest);
        expect(set.size).toBe(model.size);
      }
      for (const digest of model) expect(set.has(digest)).toBe(true);
    }),
  );
});

it('a set of digests holds twenty thousand, and those of a service that makes them all alike', () => {
  for (const digestOf of [(n: number) => digest(`token ${n}`), (n: number) => 2 ** 52 + n]) {
    const set = new DigestSet();
    for (let n = 0; n < 20_000; n++) set.add(digestOf(n));
    expect(set.size).toBe(20_000);
    const found = Array.from({ length: 20_000 }, (_, n) => set.has(digestOf(n)));
    expect(found.every(Boolean)).toBe(true);
    expect(set.has(digestOf(20_000))).toBe(false);
  }
});

describe('the tokens a traversal has used', () => {
  it('the token of a page that was requested and dropped may be used again, that of a delivered page may not', () => {
    const log = new TokenLog();
    log.enter(1);
    log.delivered();
    log.enter(2);
    log.enter(3);
    expect([1, 2, 3, 4].map((id) => log.has(id))).toEqual([true, true, true, false]);
    log.forgetAhead();
    expect(log.size).toBe(1);
    expect([1, 2, 3].map((id) => log.has(id))).toEqual([true, false, false]);
  });

  it('after a restart the tokens of pages that are still delivered may come again', () => {
    const log = new TokenLog();
    log.enter(1);
    log.enter(2);
    log.restart();
    log.delivered();
    expect(log.size).toBe(0);
    expect([1, 2].map((id) => log.has(id))).toEqual([false, false]);
    log.enter(1);
    log.delivered();
    expect([1, 2].map((id) => log.has(id))).toEqual([true, false]);
  });
});
