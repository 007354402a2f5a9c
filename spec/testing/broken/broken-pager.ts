import type { FetchPage, Page } from '../../../lib/core/page.js';
import type {
  Feature,
  Item,
  Pager,
  PagerSetup,
  Violation,
  Walk,
  WalkOptions,
} from '../../../lib/testing/index.js';

/** A pager with one defect, the check that must detect it, and the expected violation. */
export interface BrokenPager {
  readonly trap: string;
  readonly check: string;
  readonly violation: Violation;
  readonly pager: Pager;
}

type Fetch = FetchPage<Item>;
type Open = (fetchPage: Fetch, options: WalkOptions & PagerSetup) => Walk;

/** A pager whose walks are independent. */
export function broken(
  trap: string,
  expected: readonly [check: string, violation: Violation],
  open: Open,
  ...supports: Feature[]
): BrokenPager {
  return brokenListing(
    trap,
    expected,
    (fetchPage, setup) => ({ open: (walk) => open(fetchPage, { ...setup, ...walk }) }),
    ...supports,
  );
}

/** A pager whose walks share state. */
export function brokenListing(
  trap: string,
  [check, violation]: readonly [check: string, violation: Violation],
  list: Pager['list'],
  ...supports: Feature[]
): BrokenPager {
  return { trap, check, violation, pager: { name: trap, supports, list } };
}

/** The usual paging loop. It is correct as far as it goes; each broken pager differs from it in one way. */
export async function* loop(
  fetchPage: Fetch,
  { signal }: Pick<WalkOptions, 'signal'> = {},
): AsyncGenerator<Item, void, void> {
  let token: string | undefined;
  do {
    const page = await fetchPage(token, { signal });
    yield* page.items ?? [];
    token = page.next || undefined;
  } while (token);
}

/** The items of a page for a pager that does not expect a missing list. */
export function itemsOf({ items }: Page<Item>): readonly Item[] {
  return items as readonly Item[];
}
