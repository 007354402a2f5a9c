import { glob } from '../../core/glob.js';
import type { Listing } from '../../listing/listing.js';
import type { Operation } from './operation.js';

interface Selection {
  readonly filter: string | undefined;
  /** The moment since which an item was modified, when the first item is looked at; undefined takes all. */
  readonly since: (() => Date) | undefined;
  /** Called for each item that is left out because the service does not say when it was modified. */
  readonly onUndated: () => void;
  readonly maxItems: number | undefined;
}

/** The items that were asked for. There is a `take` even without a limit, so that a later run may add, change or drop one. */
export function selectItems<T>(
  items: Listing<T>,
  { nameOf, modifiedAt }: Pick<Operation<T>, 'nameOf' | 'modifiedAt'>,
  { filter, since, onUndated, maxItems }: Selection,
): Listing<T> {
  const matches = filter === undefined ? undefined : glob(filter);
  const named = matches && nameOf ? items.filter((item) => matches(nameOf(item))) : items;
  const modified =
    since && modifiedAt
      ? named.filter((item) => {
          const at = modifiedAt(item);
          if (at === undefined) onUndated();
          return at !== undefined && at.getTime() >= since().getTime();
        })
      : named;
  return modified.take(maxItems ?? Number.POSITIVE_INFINITY);
}
