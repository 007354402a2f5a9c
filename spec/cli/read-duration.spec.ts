import { expect, it } from 'vitest';
import { readDuration } from '../../lib/cli/arguments/read-duration.js';

it.each([
  ['90s', 90_000],
  ['1h30m', 5_400_000],
  ['P1DT12H', 129_600_000],
])('the duration %s is %d ms', (text, ms) => {
  expect(readDuration(text)).toBe(ms);
});

it.each(['1', '1.', 'P1'])(
  'a text of 300,000 times %j is no duration, which is seen without trying all of its parts',
  (part) => {
    expect(readDuration(part.repeat(300_000))).toBeUndefined();
  },
);
