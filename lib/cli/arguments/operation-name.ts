import { operations } from '../../connect/operations.js';
import { nearestName } from '../../core/nearest-name.js';
import { usageError } from '../cli-error.js';

/** The name of a paged operation of Amazon Connect. */
export type PagedName = keyof typeof operations;

/** All of them, in alphabetical order. */
export const PAGED_NAMES = Object.keys(operations) as PagedName[];

/**
 * The paged operation that is meant by its name, such as `ListQueues`, `list-queues` or `queues`. Throws a usage error for
 * any other: what is near, or that the operation is not paged.
 */
export async function operationName(text: string): Promise<PagedName> {
  const found = findOperation(text);
  if (found !== undefined) return found;
  const name = (await clientOperations()).find((one) => plain(one) === plain(text));
  if (name !== undefined) {
    throw usageError(
      `${name} is not paged: one request returns everything; use the AWS CLI for it, or see pageturn list --help`,
    );
  }
  const nearest = nearestName(plain(text), [...BY_SHORT_NAME.keys(), ...PAGED_NAMES.map(plain)]);
  const meant = nearest === undefined ? undefined : findOperation(nearest);
  const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`;
  throw usageError(`Amazon Connect has no operation ${text}${hint}; pageturn list --help lists them`);
}

/** The paged operation with a name, or undefined. */
export function findOperation(text: string): PagedName | undefined {
  return PAGED_NAMES.find((name) => plain(name) === plain(text)) ?? BY_SHORT_NAME.get(plain(text));
}

/** The short name of an operation, if it is the one that is found by it: `queues`. */
export function shortNameOf(name: PagedName): string | undefined {
  const short = shortOf(name)
    .replace(/(?<=[a-z\d])(?=[A-Z])/g, '-')
    .toLowerCase();
  return findOperation(short) === name ? short : undefined;
}

function shortOf(name: string): string {
  return name.replace(/^(List|Search|Get|Evaluate)/, '');
}

/** Without hyphens and case, so that the names of the AWS CLI are found too. */
function plain(text: string): string {
  return text.replace(/[^a-z\d]/gi, '').toLowerCase();
}

/** Where a List and a Search have the same short name, it is the List's: that has all fields of a summary, and no total. */
const BY_SHORT_NAME: ReadonlyMap<string, PagedName> = new Map(
  [...PAGED_NAMES].reverse().map((name) => [plain(shortOf(name)), name] as const),
);

/** All operations of the installed client; none if it is not installed. */
async function clientOperations(): Promise<readonly string[]> {
  const client: object = await import('@aws-sdk/client-connect').catch(() => ({}));
  return Object.keys(client).flatMap((name) => /^([A-Z]\w+)Command$/.exec(name)?.[1] ?? []);
}
