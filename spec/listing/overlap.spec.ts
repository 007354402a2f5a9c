import { expect, it } from 'vitest';
import { ids, modelService, type Person } from './model-service.js';

it.each([1, 2, 3, 4])(
  'calls of next() that overlap get an item each, in order, in every round of them (pages of %i)',
  async (pageSize) => {
    for (const width of [2, 3, 5]) {
      const service = modelService(60, pageSize);
      const walk = service.listing().open();
      const seen: Person[] = [];
      for (let round = 0; round < 60 / width; round++) {
        const results = await Promise.all(Array.from({ length: width }, () => walk.next()));
        for (const { value } of results) if (value) seen.push(value);
      }
      expect(ids(seen)).toEqual(ids(service.people));
      expect(service.requests).toHaveLength(60 / pageSize);
      expect(await Promise.all([walk.next(), walk.next()])).toEqual([
        { value: undefined, done: true },
        { value: undefined, done: true },
      ]);
    }
  },
);
