import { assertBoolean } from '../core/assert-boolean.js';
import { assertKnownOptions } from '../core/assert-known-options.js';
import { assertOneOf } from '../core/assert-one-of.js';
import { assertWholeNumber } from '../core/assert-whole-number.js';
import { invalidArgument } from '../core/errors.js';
import type { ScriptedFaultKind } from './scripted-fault.js';

type Check = (name: string, value: unknown) => void;

const isNumber =
  (least: number, unit: string): Check =>
  (name, value) => {
    if (!(typeof value === 'number' && value >= least))
      throw invalidArgument(name, `a number of ${unit} from ${least}`, value);
  };
const isDistance: Check = (name, value) => assertWholeNumber(name, value, 1);
const isFunction: Check = (name, value) => {
  if (typeof value !== 'function') throw invalidArgument(name, 'a function of the directory', value);
};
const isAnything: Check = () => {};

interface Members {
  readonly required?: Readonly<Record<string, Check>>;
  readonly optional?: Readonly<Record<string, Check>>;
}

/** What each kind of fault takes. */
const FAULTS: Readonly<Record<ScriptedFaultKind, Members>> = {
  throttle: { optional: { retryAfterSeconds: isNumber(0, 'seconds') } },
  'server-error': {},
  reset: {},
  error: { optional: { error: isAnything } },
  'expired-token': {},
  hang: { optional: { ignoresSignal: assertBoolean } },
  latency: { required: { latencyMs: isNumber(0, 'milliseconds') } },
  'empty-page': {},
  'missing-list': {},
  'empty-answer': {},
  'repeated-token': { required: { distance: isDistance } },
  change: { required: { change: isFunction } },
};

/** Throws ERR_INVALID_ARGUMENT, with its place, for what is not faults by the number of their request. */
export function assertFaults(faults: unknown): void {
  if (typeof faults !== 'object' || faults === null)
    throw invalidArgument('faults', 'faults by request number', faults);
  for (const [number, fault] of Object.entries(faults)) {
    if (!/^[1-9]\d*$/.test(number))
      throw invalidArgument('a request number of faults', 'a whole number from 1', number);
    assertFault(`faults[${number}]`, fault);
  }
}

function assertFault(name: string, fault: unknown): void {
  const { kind } = Object(fault) as { readonly kind?: unknown };
  assertOneOf(`${name}.kind`, kind, Object.keys(FAULTS));
  const { required = {}, optional = {} } = FAULTS[kind as ScriptedFaultKind];
  assertKnownOptions(name, fault, ['kind', ...Object.keys({ ...required, ...optional })]);
  const members = fault as Record<string, unknown>;
  for (const [member, check] of Object.entries(required)) check(`${name}.${member}`, members[member]);
  for (const [member, check] of Object.entries(optional)) {
    if (members[member] !== undefined) check(`${name}.${member}`, members[member]);
  }
}
