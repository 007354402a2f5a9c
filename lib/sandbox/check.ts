/** What the value of an option must be, in words and as a test. */
export interface Check {
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
}

export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): Check {
  const upTo = most === Number.MAX_SAFE_INTEGER ? 'or more' : `to ${most}`;
  return {
    expected: `a whole number, ${least} ${upTo}`,
    holds: (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
  };
}

export const milliseconds: Check = {
  expected: 'a number of milliseconds, 0 or more',
  holds: (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0,
};

export const text: Check = { expected: 'a string', holds: (value) => typeof value === 'string' };

export function oneOf(...allowed: readonly unknown[]): Check {
  return { expected: `one of ${allowed.join(', ')}`, holds: (value) => allowed.includes(value) };
}
