/**
 * Measures read-ahead when fetching and consuming a page take equally long: the time per page relative to the longer of
 * the two. Run it: npx tsx bench/read-ahead.ts
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { fromPages } from 'pageturn';

// The first fetch overlaps with nothing; over sixty pages that hardly matters.
const PAGES = 60;
const STEP_MS = 300;

const listing = fromPages<number>(async (token) => {
  await sleep(STEP_MS);
  const page = Number(token ?? 0);
  return { items: [page], next: page + 1 < PAGES ? String(page + 1) : undefined };
});

for (const depth of [0, 1, 2]) {
  const startedAt = performance.now();
  for await (const _ of listing.prefetch(depth)) await sleep(STEP_MS);
  const perPageMs = (performance.now() - startedAt) / PAGES;
  console.log(
    `prefetch(${depth}): ${perPageMs.toFixed(0)} ms per page, ${(perPageMs / STEP_MS).toFixed(3)} times the longer of the two`,
  );
}
