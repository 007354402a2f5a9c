import type { CheckResult } from '../../lib/testing/index.js';

export interface Column {
  readonly pager: string;
  readonly results: readonly CheckResult[];
}

/** A Markdown table: a row for each check, a column for each pager. */
export function toTable(columns: readonly Column[]): string {
  const [first] = columns;
  if (!first) return '';
  const rows = first.results.map(({ check }, index) => [
    check.name,
    ...columns.map(({ results }) => symbol(results[index]?.verdict)),
  ]);
  const totals = ['**guarantees broken**', ...columns.map(({ results }) => `**${countBroken(results)}**`)];
  const head = ['', ...columns.map(({ pager }) => pager)];
  const rule = head.map((_, index) => (index === 0 ? '---' : ':-:'));
  return [head, rule, ...rows, totals].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function symbol(verdict: CheckResult['verdict'] | undefined): string {
  if (verdict === 'passed') return '✓';
  return verdict === undefined || verdict === 'not supported' ? '–' : verdict;
}

function countBroken(results: readonly CheckResult[]): number {
  return results.filter(({ verdict }) => verdict !== 'passed' && verdict !== 'not supported').length;
}
