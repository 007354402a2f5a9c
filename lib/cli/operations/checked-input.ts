import { didYouMean } from '../../core/did-you-mean.js';
import type { PagedName } from '../arguments/operation-name.js';
import { usageError } from '../cli-error.js';
import { formatList } from '../format.js';
import { parseMembers } from './connect-members.js';
import { operationMembers } from './operation-members.js';

/** The input of a request, without the token. */
export type OperationInput = Readonly<Record<string, unknown>>;

/** Whether the operation lists the resources of one instance; false if it takes none or may do without. */
export function needsInstance(name: PagedName): boolean {
  return membersOf(name).some((member) => member.name === 'InstanceId' && member.isRequired);
}

/** Whether the operation takes an instance. */
export function takesInstance(name: PagedName): boolean {
  return membersOf(name).some((member) => member.name === 'InstanceId');
}

/**
 * The input that `--input` gives to an operation, with texts of times as Dates. Throws a usage error for members that the
 * operation does not have, that are missing, or that pageturn decides itself.
 */
export function checkedInput(name: PagedName, input: OperationInput): OperationInput {
  const members = membersOf(name);
  const names = members.map((member) => member.name).filter((member) => !OWN.has(member));
  for (const [member, value] of Object.entries(input)) {
    const instead = members.some((one) => one.name === member) ? OWN.get(member) : undefined;
    if (instead !== undefined) throw usageError(`--input: leave ${member} out; ${instead}`);
    if (!names.includes(member)) {
      const hint = didYouMean(member, names);
      const known = names.length > 0 ? `; its members are ${names.join(', ')}` : '';
      throw usageError(`--input: ${name} has no member ${member}${hint}${known}`);
    }
    assertKind(member, value, members.find((one) => one.name === member)?.kind);
  }
  const missing = members.filter(
    (one) => one.isRequired && !OWN.has(one.name) && input[one.name] === undefined,
  );
  if (missing.length > 0) {
    const example = missing.map((one) => `"${one.name}": ${EXAMPLES[one.kind]}`).join(', ');
    throw usageError(
      `${name} needs ${formatList(missing.map((one) => one.name))}: pass --input '{${example}}'`,
    );
  }
  const paths = (operationMembers[name]?.times ?? '').split(' ').filter((path) => path !== '');
  return paths.reduce<OperationInput>(
    (all, path) => withDate(all, path.split('.'), `--input: ${path}`),
    input,
  );
}

/** Members that have their own option. */
const OWN: ReadonlyMap<string, string> = new Map([
  ['InstanceId', 'pass --instance-id'],
  ['NextToken', 'pageturn reads all pages by itself'],
  ['MaxResults', 'pass --page-size for the items per request, or --max-items for all of them'],
]);

const EXAMPLES = {
  text: '"..."',
  number: '1',
  flag: 'true',
  time: '"2026-11-01T00:00:00Z"',
  list: '[...]',
  object: '{...}',
} as const;

function membersOf(name: PagedName) {
  return parseMembers(operationMembers[name]?.input ?? '');
}

function assertKind(member: string, value: unknown, kind: keyof typeof EXAMPLES | undefined): void {
  const isKind = {
    text: typeof value === 'string',
    number: typeof value === 'number',
    flag: typeof value === 'boolean',
    time: typeof value === 'string' || typeof value === 'number',
    list: Array.isArray(value),
    object: typeof value === 'object' && value !== null && !Array.isArray(value),
  };
  if (kind !== undefined && !isKind[kind]) {
    throw usageError(`--input: ${member} must be ${WORDS[kind]}, such as ${EXAMPLES[kind]}`);
  }
}

const WORDS = {
  text: 'text',
  number: 'a number',
  flag: 'true or false',
  time: 'a time',
  list: 'a list',
  object: 'an object',
} as const;

/** The value with the time at a path as a Date: the AWS CLI takes ISO 8601, or seconds since 1970. */
function withDate<T>(value: T, path: readonly string[], where: string): T;
function withDate(value: unknown, path: readonly string[], where: string): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return dateOf(value, where);
  const name = part.replace(/[[\]]/g, '');
  const inner = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  if (inner === undefined || inner === null) return value;
  const isList = part.startsWith('[') && Array.isArray(inner);
  const dated = isList
    ? inner.map((item: unknown) => withDate(item, rest, where))
    : withDate(inner, rest, where);
  return { ...Object(value), [name]: dated };
}

function dateOf(value: unknown, where: string): Date {
  const date = typeof value === 'number' ? new Date(value * 1000) : new Date(String(value));
  if (!Number.isNaN(date.getTime())) return date;
  throw usageError(`${where} must be a time, such as "2026-11-01T00:00:00Z"`);
}
