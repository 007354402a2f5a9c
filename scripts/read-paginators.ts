import { readFileSync } from 'node:fs';

/** How botocore pages an operation; `more` and `pageSize` may be empty. */
export interface Paginator {
  /** The service id, such as `Route 53`. */
  readonly service: string;
  readonly operation: string;
  /** The members of the input and the paths of the output that are the parts of the token. */
  readonly token: readonly string[];
  readonly next: readonly string[];
  readonly pageSize: string;
  readonly more: string;
  /** The paths of what the pages list. */
  readonly lists: readonly string[];
}

/** All paginators of botocore, from the table beside this file. */
export function readPaginators(): Paginator[] {
  const lines = readFileSync(new URL('paginators.tsv', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.filter((line) => !line.startsWith('#')).map(readLine);
}

function readLine(line: string): Paginator {
  const [service = '', operation = '', token = '', next = '', pageSize = '', more = '', lists = ''] =
    line.split('\t');
  return {
    service,
    operation,
    token: token.split(','),
    next: next.split(','),
    pageSize,
    more,
    lists: lists === '' ? [] : lists.split(','),
  };
}
