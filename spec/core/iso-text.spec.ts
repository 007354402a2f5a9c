import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isoText } from '../../lib/core/iso-text.js';

it('a date has the text of toISOString, in every year and on both sides of midnight', () => {
  const edges = [0, -1, 1, 86_399_999, 86_400_000, -86_400_000, 8.64e15, -8.64e15, -62_198_755_200_000];
  for (const ms of edges) expect(isoText(new Date(ms))).toBe(new Date(ms).toISOString());
  fc.assert(
    fc.property(fc.array(fc.date({ noInvalidDate: true })), (dates) => {
      expect(dates.map(isoText)).toEqual(dates.map((date) => date.toISOString()));
    }),
  );
});
