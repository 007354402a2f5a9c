import type { Clock } from '../core/clock.js';
import { invalidArgument } from '../core/errors.js';
import { assertFaultRule } from './assert-fault-rule.js';
import { type Check, milliseconds, oneOf, wholeNumber } from './check.js';
import type { FaultRule } from './fault.js';

export interface SandboxOptions {
  /** Number of users in the directory, from 0 to 2,147,483,648. Default: 1,000. Users take no memory. */
  readonly users?: number;
  /** Requests per second allowed for each operation: above 0, or Infinity. Default: 2, the documented quota. */
  readonly ratePerSecond?: number;
  /** Requests an idle operation accepts at once, at least 1. Default: 5, the documented burst. */
  readonly burst?: number;
  /** Minimum response time in milliseconds. Default: 0. */
  readonly latencyMs?: number;
  /** From 0 to 4,294,967,295; the same seed gives the same users, Ids and tokens. Default: 1. */
  readonly seed?: number;
  /** Faults to inject, and which requests they hit. Default: none. */
  readonly faults?: readonly FaultRule[];
  /**
   * What a ListUsers token holds: the last user returned (`key`, the default) or how many were returned (`offset`).
   * With `offset`, changes to the directory during a listing make it repeat or skip users.
   */
  readonly tokens?: 'key' | 'offset';
  /**
   * Whether web pages of any origin may use the sandbox (CORS, preflights included). Default: false; the requests of a
   * page in a browser are then refused with a 403.
   */
  readonly cors?: boolean;
  /** The clock for quota and latency. Default: the system clock. */
  readonly clock?: Clock;
  /** The port on 127.0.0.1. Default: 0, any free port. */
  readonly port?: number;
}

/** Throws ERR_INVALID_ARGUMENT for the first unknown or invalid option. */
export function assertSandboxOptions(options: SandboxOptions): void {
  if (typeof options !== 'object' || options === null) throw invalidArgument('options', 'an object', options);
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(CHECKS, name)) {
      throw invalidArgument('the options of startSandbox', `among ${Object.keys(CHECKS).join(', ')}`, name);
    }
  }
  for (const [name, { expected, accepts }] of Object.entries(CHECKS)) {
    const value: unknown = options[name as keyof SandboxOptions];
    if (value !== undefined && !accepts(value)) throw invalidArgument(name, expected, value);
  }
  for (const [index, rule] of (options.faults ?? []).entries()) assertFaultRule(rule, `faults[${index}]`);
}

const CHECKS: Readonly<Record<keyof SandboxOptions, Check>> = {
  users: wholeNumber(0, 2 ** 31),
  ratePerSecond: {
    expected: 'a number above 0, or Infinity',
    accepts: (value) => typeof value === 'number' && value > 0,
  },
  burst: wholeNumber(1),
  latencyMs: milliseconds,
  seed: wholeNumber(0, 2 ** 32 - 1),
  faults: { expected: 'an array of faults', accepts: Array.isArray },
  tokens: oneOf('key', 'offset'),
  cors: { expected: 'true or false', accepts: (value) => typeof value === 'boolean' },
  clock: {
    expected: 'an object with now() and sleep()',
    accepts: (value) =>
      typeof value === 'object' &&
      value !== null &&
      'now' in value &&
      typeof value.now === 'function' &&
      'sleep' in value &&
      typeof value.sleep === 'function',
  },
  port: wholeNumber(0, 65_535),
};
