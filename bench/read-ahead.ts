/**
 * Read-ahead of one page, fetch and consumer equally slow: what a page takes over the longer of the two.
 * Run it: npx tsx bench/read-ahead.ts
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { fromPages } from 'pageturn';

// The first fetch has nothing to hide behind; over sixty pages that is little.
const PAGES = 60;
const EACH_MS = 300;

const listing = fromPages<number>(async (token) => {
  await sleep(EACH_MS);
  const page = Number(token ?? 0);
  return { items: [page], next: page + 1 < PAGES ? String(page + 1) : undefined };
});

for (const depth of [0, 1, 2]) {
  const startedAt = performance.now();
  for await (const _ of listing.prefetch(depth)) await sleep(EACH_MS);
  const perPageMs = (performance.now() - startedAt) / PAGES;
  console.log(
    `prefetch(${depth}): ${perPageMs.toFixed(0)} ms a page, ${(perPageMs / EACH_MS).toFixed(3)} times the longer of the two`,
  );
}
