import type { CycleCheck } from '../../core/cursor-shape.js';
import { digest } from '../../core/fingerprint.js';
import type { TokenLog } from './token-log.js';

/** Where a page is fetched: its token, a digest of it, and the search for a repeated token up to it. */
export interface PagePlace {
  readonly token: string | undefined;
  readonly id: number;
  /** Whether this traversal has used the token before. */
  readonly isUsed: boolean;
  readonly cycle: CycleCheck | undefined;
  /** The page size to ask for: a chain of tokens keeps the one it started with. */
  readonly pageSize: number | undefined;
}

export function placeAt(
  token: string | undefined,
  { cycle, pageSize, used }: Pick<PagePlace, 'cycle' | 'pageSize'> & { readonly used?: TokenLog },
): PagePlace {
  const id = token === undefined ? 0 : digest(token);
  return { token, id, isUsed: used?.has(id) ?? false, cycle, pageSize };
}
