import { assertObject } from '../core/assert-known-options.js';
import type { Clock } from '../core/clock.js';
import { invalidArgument } from '../core/errors.js';
import { assertFaultRule } from './assert-fault-rule.js';
import { type Check, milliseconds, oneOf, refused, wholeNumber } from './check.js';
import type { FaultRule } from './fault.js';
import { ALIASES } from './instances.js';
import { operationName } from './operation-name.js';
import type { OperationName } from './operations.js';

/** Options of `startSandbox`. */
export interface SandboxOptions {
  /**
   * Number of users in the first instance, from 0 to 2,147,483,648, or in each of the instances, in the order of
   * ListInstances. Default: 1,000, and none in the others. Users take no memory.
   */
  readonly users?: number | readonly number[];
  /**
   * Requests per second allowed for each operation, in all instances together: above 0, or Infinity. Default: the
   * documented quota of the operation, which is 2 for most.
   */
  readonly ratePerSecond?: number;
  /** Requests an idle operation accepts at once, at least 1. Default: the documented burst, 5 for most operations. */
  readonly burst?: number;
  /** The quotas of single operations; they take precedence. */
  readonly quotas?: SandboxQuotas;
  /** How long a page token is accepted; later it is a 400 `InvalidToken`. Default: Infinity; the real one is 24 hours. */
  readonly tokenLifetimeMs?: number;
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

/** Quotas by the name of the operation. */
export type SandboxQuotas = Readonly<
  Partial<Record<OperationName, { readonly ratePerSecond?: number; readonly burst?: number }>>
>;

/** Throws ERR_INVALID_ARGUMENT for the first unknown or invalid option. */
export function assertSandboxOptions(options: SandboxOptions): void {
  assertObject('options', options);
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(CHECKS, name)) {
      throw invalidArgument('the options of startSandbox', `among ${Object.keys(CHECKS).join(', ')}`, name);
    }
  }
  for (const [name, { expected, accepts }] of Object.entries(CHECKS)) {
    const value: unknown = options[name as keyof SandboxOptions];
    if (value !== undefined && !accepts(value)) throw invalidArgument(name, expected, value);
  }
  assertObject('quotas', options.quotas ?? {});
  assertQuotas(options.quotas ?? {});
  for (const [index, rule] of (options.faults ?? []).entries()) assertFaultRule(rule, `faults[${index}]`);
}

function assertQuotas(quotas: SandboxQuotas): void {
  for (const [operation, quota] of Object.entries(quotas)) {
    const { ratePerSecond, burst, ...rest } = Object(quota) as Record<string, unknown>;
    const [unknown] = Object.keys(rest);
    const name = `quotas.${operation}`;
    if (!operationName.accepts(operation)) throw refused('a name in quotas', operationName, operation);
    if (typeof quota !== 'object' || unknown !== undefined)
      throw invalidArgument(name, 'an object with ratePerSecond and burst', unknown ?? quota);
    if (ratePerSecond !== undefined && !RATE.accepts(ratePerSecond))
      throw invalidArgument(`${name}.ratePerSecond`, RATE.expected, ratePerSecond);
    if (burst !== undefined && !BURST.accepts(burst))
      throw invalidArgument(`${name}.burst`, BURST.expected, burst);
  }
}

const USERS = wholeNumber(0, 2 ** 31);
const RATE: Check = {
  expected: 'a number above 0, or Infinity',
  accepts: (value) => typeof value === 'number' && value > 0,
};
const BURST = wholeNumber(1);

const CHECKS: Readonly<Record<keyof SandboxOptions, Check>> = {
  users: {
    expected: `${USERS.expected}, or a list of up to ${ALIASES.length} of these`,
    accepts: (value) =>
      USERS.accepts(value) ||
      (Array.isArray(value) && value.length <= ALIASES.length && value.every(USERS.accepts)),
  },
  ratePerSecond: RATE,
  burst: BURST,
  quotas: {
    expected: 'an object of quotas by operation',
    accepts: (value) => typeof value === 'object' && value !== null,
  },
  tokenLifetimeMs: {
    expected: 'a number of milliseconds above 0, or Infinity',
    accepts: (value) => typeof value === 'number' && value > 0,
  },
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
