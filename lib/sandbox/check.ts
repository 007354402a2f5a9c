import { didYouMean } from '../core/did-you-mean.js';
import { invalidArgument, type PageturnError } from '../core/errors.js';

/** The rule an option's value must satisfy: in words for the error message, and as a predicate. */
export interface Check {
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
  /** Names of which the nearest one is suggested, where they are too many to list. */
  readonly names?: readonly string[];
}

/** ERR_INVALID_ARGUMENT for a value that fails a check. */
export function refused(name: string, { expected, names = [] }: Check, value: unknown): PageturnError {
  const hint = typeof value === 'string' ? didYouMean(value, names) : '';
  return invalidArgument(name, `${expected}${hint}`, value);
}

export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER): Check {
  const expected =
    max === Number.MAX_SAFE_INTEGER
      ? `a whole number of at least ${min}`
      : `a whole number from ${min} to ${max}`;
  return {
    expected,
    accepts: (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
  };
}

export const milliseconds: Check = {
  expected: 'a number of milliseconds of at least 0',
  accepts: (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0,
};

export const text: Check = { expected: 'a string', accepts: (value) => typeof value === 'string' };

/** It is sent as a header. */
export const errorName: Check = {
  expected: 'a name of 1 to 200 visible ASCII characters',
  accepts: (value) => typeof value === 'string' && /^[!-~]{1,200}$/.test(value),
};

export function oneOf(...allowed: readonly unknown[]): Check {
  return { expected: `one of ${allowed.join(', ')}`, accepts: (value) => allowed.includes(value) };
}
