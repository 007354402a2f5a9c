import type { Check } from './check.js';
import { OPERATIONS } from './operations.js';

const NAMES: readonly string[] = OPERATIONS.map(({ name }) => name);

/** The name of an operation that the sandbox has. */
export const operationName: Check = {
  expected: 'an operation of the sandbox, such as ListUsers',
  accepts: (value) => NAMES.some((name) => name === value),
  names: NAMES,
};
