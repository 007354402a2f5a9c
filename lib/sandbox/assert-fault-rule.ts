import { invalidArgument } from '../core/errors.js';
import { type Check, errorName, milliseconds, oneOf, refused, text, wholeNumber } from './check.js';
import type { FaultKind, FaultRule } from './fault.js';
import { operationName } from './operation-name.js';

/** Throws ERR_INVALID_ARGUMENT, naming `name` or one of its fields, unless `rule` is a fault rule. */
export function assertFaultRule(rule: unknown, name: string): asserts rule is FaultRule {
  if (typeof rule !== 'object' || rule === null) throw invalidArgument(name, 'an object', rule);
  const { kind, ...rest }: Record<string, unknown> = { ...rule };
  const fields = typeof kind === 'string' ? FIELDS.get(kind) : undefined;
  if (!fields) throw invalidArgument(`${name}.kind`, `one of ${[...FIELDS.keys()].join(', ')}`, kind);
  for (const [field, value] of Object.entries(rest)) {
    const check = Object.hasOwn(fields, field) ? fields[field] : undefined;
    const known = ['kind', ...Object.keys(fields)].join(', ');
    if (!check) throw invalidArgument(`the fields of ${name}`, `among ${known}`, field);
    if (value !== undefined && !check.accepts(value)) throw refused(`${name}.${field}`, check, value);
  }
  for (const field of REQUIRED.get(kind) ?? []) {
    if (rest[field] === undefined)
      throw invalidArgument(`${name}.${field}`, fields[field]?.expected ?? 'given', undefined);
  }
}

const scope: Readonly<Record<string, Check>> = {
  operation: operationName,
  times: {
    expected: 'a whole number of 1 or more, or Infinity',
    accepts: (value) => value === Number.POSITIVE_INFINITY || wholeNumber(1).accepts(value),
  },
  afterRequests: wholeNumber(0),
  probability: {
    expected: 'a number above 0 and at most 1',
    accepts: (value) => typeof value === 'number' && value > 0 && value <= 1,
  },
};

const own = {
  throttle: {
    retryAfter: {
      expected: 'a whole number of seconds, 0 or more, or a valid Date',
      accepts: (value) =>
        value instanceof Date ? Number.isFinite(value.getTime()) : wholeNumber(0).accepts(value),
    },
    retryAfterMs: milliseconds,
  },
  'throttle-unnamed': {},
  'throttle-html': {},
  'server-error': { status: oneOf(500, 502, 503, 504) },
  error: { status: wholeNumber(400, 599), name: errorName, message: text },
  'access-denied': {},
  reset: { at: oneOf('start', 'headers') },
  hang: {},
  truncated: {},
  'invalid-json': {},
  'empty-answer': { body: text },
  latency: { latencyMs: milliseconds },
  'repeated-token': { distance: wholeNumber(1) },
  'empty-page': {},
  'missing-list': {},
  'expired-token': {},
} satisfies Record<FaultKind, Readonly<Record<string, Check>>>;

const FIELDS = new Map<string, Readonly<Record<string, Check>>>(
  Object.entries(own).map(([kind, fields]) => [kind, { ...fields, ...scope }]),
);

const REQUIRED = new Map<unknown, readonly string[]>([
  ['error', ['status', 'name']],
  ['latency', ['latencyMs']],
]);
