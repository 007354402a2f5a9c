import type { MemberShape, StructureShape } from './read-schema.js';

/**
 * Reads the value at a path: `NextToken`, `DistributionList.NextMarker`, or `Contents[-1].Key`, the key of the last item.
 * Alternatives are tried in order: `NextMarker || Contents[-1].Key`. Undefined if there is no value.
 */
export function readPath(output: unknown, path: string): unknown {
  for (const alternative of alternativesOf(path)) {
    const value = stepsOf(alternative).reduce(step, output);
    if (value !== undefined && value !== null && value !== '') return value;
  }
  return undefined;
}

/** The member of the schema at a path; undefined if one of its alternatives does not exist. */
export function memberAt(shape: StructureShape, path: string): MemberShape | undefined {
  const members = alternativesOf(path).map((alternative) => memberAtSteps(shape, stepsOf(alternative)));
  return members.every((member) => member !== undefined) ? members[0] : undefined;
}

/** The alternatives of a path, in order. */
export function alternativesOf(path: string): string[] {
  return path.split(' || ');
}

/** The list whose last item a path reads: `Contents` for `Contents[-1].Key`. Undefined if it reads none. */
export function listOfLastItem(path: string): string | undefined {
  const at = path.indexOf(LAST);
  return at < 0 ? undefined : path.slice(0, at);
}

/** The structure that a path leads into: `DistributionList` for `DistributionList.NextMarker`. */
export function structureOf(path: string): string | undefined {
  const at = path.lastIndexOf('.');
  return at < 0 ? undefined : path.slice(0, at);
}

const LAST = '[-1]';

function stepsOf(path: string): string[] {
  return path.replaceAll(LAST, `.${LAST}`).split('.');
}

function step(value: unknown, name: string): unknown {
  if (name === LAST) return Array.isArray(value) ? value.at(-1) : undefined;
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function memberAtSteps(shape: StructureShape, [name = '', ...rest]: string[]): MemberShape | undefined {
  const member = shape.member(name);
  const [next, ...after] = rest;
  if (member === undefined || next === undefined) return member;
  if (next !== LAST) return member.kind === 'structure' ? memberAtSteps(member.inside, rest) : undefined;
  if (member.kind !== 'list') return undefined;
  return after.length === 0 ? member.element : memberAtSteps(member.inside, after);
}
