import { invalidArgument } from '../core/errors.js';
import { assertFaultRule } from './assert-fault-rule.js';
import { type Check, milliseconds, oneOf, wholeNumber } from './check.js';
import type { SandboxOptions } from './start-sandbox.js';

/** Throws ERR_INVALID_ARGUMENT for the first option that is not what it must be. */
export function assertSandboxOptions(options: SandboxOptions): void {
  if (typeof options !== 'object' || options === null) throw invalidArgument('options', 'an object', options);
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(CHECKS, name)) {
      throw invalidArgument('the options of startSandbox', `among ${Object.keys(CHECKS).join(', ')}`, name);
    }
  }
  for (const [name, { expected, holds }] of Object.entries(CHECKS)) {
    const value: unknown = options[name as keyof SandboxOptions];
    if (value !== undefined && !holds(value)) throw invalidArgument(name, expected, value);
  }
  for (const [index, rule] of (options.faults ?? []).entries()) assertFaultRule(rule, `faults[${index}]`);
}

const CHECKS: Readonly<Record<keyof SandboxOptions, Check>> = {
  users: wholeNumber(0, 2 ** 31),
  ratePerSecond: {
    expected: 'a number above 0, or Infinity',
    holds: (value) => typeof value === 'number' && value > 0,
  },
  burst: wholeNumber(1),
  latencyMs: milliseconds,
  seed: wholeNumber(0, 2 ** 32 - 1),
  faults: { expected: 'an array of faults', holds: Array.isArray },
  tokens: oneOf('key', 'offset'),
  cors: { expected: 'true or false', holds: (value) => typeof value === 'boolean' },
  clock: {
    expected: 'an object with now() and sleep()',
    holds: (value) =>
      typeof value === 'object' &&
      value !== null &&
      'now' in value &&
      typeof value.now === 'function' &&
      'sleep' in value &&
      typeof value.sleep === 'function',
  },
  port: wholeNumber(0, 65_535),
};
