import { memberAt, structureOf } from './output-path.js';
import { MORE_NAME } from './paging-names.js';
import type { StructureShape } from './read-schema.js';
import type { TokenNames } from './resolve-token.js';

/** The service's own flag that there are more pages, next to the token or at the top of the output. */
export function inferMore(output: StructureShape, { next }: TokenNames): string | undefined {
  const within = typeof next === 'function' ? undefined : structureOf(next[0]?.replace(/\[-1\].*/, '') ?? '');
  const inside = within === undefined ? undefined : memberAt(output, within)?.inside;
  const flag = inside && flagIn(inside);
  return flag === undefined ? flagIn(output) : `${within}.${flag}`;
}

function flagIn(structure: StructureShape): string | undefined {
  return structure.names.find((name) => MORE_NAME.test(name) && structure.member(name)?.kind === 'boolean');
}

/** The flag of an output without a schema. */
export function flagOf(output: object): unknown {
  const flag = Object.entries(output).find(
    ([name, value]) => MORE_NAME.test(name) && typeof value === 'boolean',
  );
  return flag?.[1];
}
