import { PAGE_SIZE_NAMES, TOKEN_NAMES } from '../lib/aws/paging-names.js';
import type { Paginator } from './read-paginators.js';

/** Whether the known names have those of a paginator, at the top of the output or in one of its structures. */
export function isKnownByName({ token, next, pageSize }: Paginator): boolean {
  const nested = /^\w+\.(\w+)$/.exec(next.join())?.[1];
  const isPair = TOKEN_NAMES.some(
    ([keys, paths]) =>
      [keys].flat().join() === token.join() && [next.join(), nested].includes([paths].flat().join()),
  );
  return isPair && (pageSize === '' || PAGE_SIZE_NAMES.some((name) => name === pageSize));
}
