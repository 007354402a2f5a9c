import { dropRejection } from '../../core/drop-rejection.js';
import { describeValue, PageturnError } from '../../core/errors.js';
import type { ListedPage, Page } from '../../core/page.js';
import { quoted } from '../../core/quoted.js';

/**
 * A copy of the page a fetch resolved to, its items always a list: the fetch may use its array again, and a consumer may
 * empty that of the response. Throws ERR_PAGE_INVALID if it is not a page.
 */
export function readPage<T>(page: Page<T>): ListedPage<T> {
  if (typeof page !== 'object' || page === null) {
    throw invalidPage(`fetchPage must resolve to a page { items, next }, received ${describeValue(page)}`);
  }
  for (const name in page) if (!MEMBERS.has(name)) throw unknownMember(name);
  const { items, next, total, output }: Omit<Page<T>, 'next'> & { readonly next?: unknown } = page;
  if (next === undefined && !('next' in page)) {
    throw invalidPage('the page does not say what comes next; set next to undefined on the last page');
  }
  if (next !== undefined && next !== null && typeof next !== 'string') {
    dropRejection(next);
    throw invalidPage(`the page's next token must be a string, received ${typeof next}`);
  }
  const listed = items ?? [];
  if (Array.isArray(listed)) return { items: [...listed], next, total, output };
  dropRejection(items);
  throw invalidPage(`the page's items must be an array, received ${typeof items}`);
}

const MEMBERS: ReadonlySet<string> = new Set(['items', 'next', 'total', 'output']);

function unknownMember(name: string): PageturnError {
  return invalidPage(
    `a page has no member ${quoted(name)}; known are ${[...MEMBERS].join(', ')}. Put the response itself into output`,
  );
}

function invalidPage(message: string): PageturnError {
  return new PageturnError('ERR_PAGE_INVALID', message);
}
