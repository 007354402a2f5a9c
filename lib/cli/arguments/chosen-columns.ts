import { didYouMean } from '../../core/did-you-mean.js';
import { usageError } from '../cli-error.js';
import type { Column } from '../operations/operation.js';

/** The columns that `--columns` names, in its order. Throws a usage error, with a suggestion, for one that is not there. */
export function chosenColumns(names: readonly string[], known: readonly Column[]): readonly Column[] {
  const twice = names.find((name, n) => names.indexOf(name) !== n);
  if (twice !== undefined) throw usageError(`--columns names ${twice} twice`);
  return names.map((name) => known.find(({ header }) => header === name) ?? refuse(name, known));
}

function refuse(name: string, known: readonly Column[]): never {
  const headers = known.map(({ header }) => header);
  const hint = didYouMean(name, headers);
  throw usageError(`--columns: there is no column ${name}${hint}; the columns are ${headers.join(', ')}`);
}
