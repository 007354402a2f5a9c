import type { FetchPage } from '../../../lib/core/page.js';
import type {
  Failing,
  Feature,
  Item,
  Pager,
  PagerSetup,
  Walk,
  WalkOptions,
} from '../../../lib/testing/index.js';

/** A pager that falls into one trap, the check that must say so, and what it must say. */
export interface BrokenPager {
  readonly trap: string;
  readonly check: string;
  readonly failing: Failing;
  readonly pager: Pager;
}

type Fetch = FetchPage<Item>;
type Open = (fetchPage: Fetch, options: WalkOptions & PagerSetup) => Walk;

/** A pager in which every walk stands for itself. */
export function broken(
  trap: string,
  says: readonly [check: string, failing: Failing],
  open: Open,
  ...offers: Feature[]
): BrokenPager {
  return brokenListing(
    trap,
    says,
    (fetchPage, setup) => ({ open: (walk) => open(fetchPage, { ...setup, ...walk }) }),
    ...offers,
  );
}

/** A pager whose walks have something in common. */
export function brokenListing(
  trap: string,
  [check, failing]: readonly [check: string, failing: Failing],
  list: Pager['list'],
  ...offers: Feature[]
): BrokenPager {
  return { trap, check, failing, pager: { name: trap, offers, list } };
}

/** The loop everybody writes. It is right as far as it goes; each broken pager departs from it in one thing. */
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
