import { jsonText } from '../../destinations/formats/json-text.js';
import { CliError } from '../cli-error.js';
import type { Rows } from '../formats/map-rows.js';
import { assertMembers } from './assert-members.js';
import { assertQuery, type JmesPath } from './assert-query.js';
import { type Reach, reachOf } from './reach-of.js';

/** What `--query` makes of the items. */
export interface RowQuery {
  /** Replaces the items by the results, each of which is a row. */
  readonly transform: (rows: Rows<unknown>) => Rows<unknown>;
  /** The rows of the last time that all items were read. */
  readonly written: number;
}

interface CompileOptions {
  readonly noun: string;
  /** The member of the service's response with the items. */
  readonly listMember: string;
  /** The columns of the items. */
  readonly columns: readonly { readonly key: string }[];
}

/** Compiles a JMESPath expression. Throws a usage error that shows where it is wrong, or which member no item has. */
export async function compileQuery(
  expression: string,
  { noun, listMember, columns }: CompileOptions,
): Promise<RowQuery> {
  const jmespath: JmesPath = await import('jmespath');
  assertQuery(expression, jmespath);
  const node = jmespath.compile(expression);
  const reach = reachOf(node, listMember);
  const members = [...new Set(columns.map(({ key }) => key.split('.')[0] ?? key))];
  assertMembers(node, { reach, noun, members, listMember });
  const search = (value: unknown) => evaluate(jmespath, expression, value, noun);
  let written = 0;
  return {
    get written() {
      return written;
    },
    async *transform(chunks) {
      written = 0;
      for await (const rows of resultsOf(chunks, { search, reach, listMember })) {
        written += rows.length;
        yield rows;
      }
    },
  };
}

interface Search {
  readonly search: (value: unknown) => unknown;
  readonly reach: Reach;
  readonly listMember: string;
}

async function* resultsOf(chunks: Rows<unknown>, { search, reach, listMember }: Search): Rows<unknown> {
  const root = (items: readonly unknown[]) => (reach.isInResponse ? { [listMember]: items } : items);
  const all: unknown[] = [];
  for await (const rows of chunks) {
    const items = rows.map(plain);
    if (reach.of === 'item') yield items.map(search);
    else if (reach.of === 'each of the list') yield rowsOf(search(root(items)));
    else all.push(...items);
  }
  if (reach.of === 'list') yield rowsOf(search(root(all)));
}

function rowsOf(result: unknown): readonly unknown[] {
  return Array.isArray(result) ? result : [result];
}

/** As the AWS CLI shows it to an expression: dates are text. */
function plain(item: unknown): unknown {
  return JSON.parse(jsonText(item));
}

function evaluate(jmespath: JmesPath, expression: string, value: unknown, noun: string): unknown {
  try {
    return jmespath.search(value, expression);
  } catch (error) {
    const { message } = error as Error;
    throw new CliError(`--query cannot be applied to a ${noun}: ${message}`, 1, error);
  }
}
