import { invalidArgument } from '../core/errors.js';
import { alternativesOf, listOfLastItem, memberAt, structureOf } from './output-path.js';
import { listsOf, type OperationShape, type StructureShape } from './read-schema.js';
import type { TokenNames } from './resolve-token.js';
import { withoutSchema } from './without-schema.js';

/** The only list: the one whose last item is the token, or next to the token, or at the top of the output. */
export function inferItems(
  operation: string,
  shape: OperationShape | undefined,
  { next }: TokenNames,
): string {
  if (!shape) throw withoutSchema(operation, 'items');
  const [path = ''] = typeof next === 'function' ? [] : alternativesOf(next[0] ?? '');
  const ofToken = listOfLastItem(path);
  if (ofToken !== undefined) return ofToken;
  const lists = listsBeside(shape.output, path);
  const [only, ...others] = lists;
  if (only !== undefined && others.length === 0) return only;
  const nested = listsIn(shape.output);
  const expected = only
    ? `named, because the output of ${operation} has several lists (${lists.join(', ')})`
    : nested.length > 0
      ? `named, because ${operation} has no list at the top of its output (there are ${nested.join(', ')})`
      : `a function from the output to its items, because the output of ${operation} has no list`;
  throw invalidArgument('items', expected, undefined);
}

/** The lists in the structure that a path leads into, or at the top of the output. */
function listsBeside(output: StructureShape, path: string): string[] {
  const within = structureOf(path);
  const beside = within === undefined ? [] : listsWithin(output, within);
  return beside.length > 0 ? beside : listsOf(output);
}

/** The lists at the top of an output and in its structures. */
export function listsIn(output: StructureShape): string[] {
  const structures = output.names.filter((name) => output.member(name)?.kind === 'structure');
  return [...listsOf(output), ...structures.flatMap((name) => listsWithin(output, name))];
}

function listsWithin(output: StructureShape, path: string): string[] {
  const inside = memberAt(output, path)?.inside;
  return inside ? listsOf(inside).map((name) => `${path}.${name}`) : [];
}
