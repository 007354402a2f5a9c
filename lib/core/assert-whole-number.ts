import { invalidArgument } from './errors.js';

/** Throws ERR_INVALID_ARGUMENT unless an argument is a whole number from `least`; `unit` says of what, such as `bytes`. */
export function assertWholeNumber(
  name: string,
  value: unknown,
  least: number,
  unit?: string,
): asserts value is number {
  if (Number.isSafeInteger(value) && (value as number) >= least) return;
  throw invalidArgument(
    name,
    `a whole number ${unit === undefined ? '' : `of ${unit} `}from ${least}`,
    value,
  );
}
