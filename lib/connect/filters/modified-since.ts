import { invalidArgument } from '../../core/errors.js';

/**
 * A filter for items that were modified at a time or later. ListUsers and DescribeUser have the time, SearchUsers does not,
 * so its rows do not compile. An item whose time the service omits does not match: to see those as well, filter for
 * `missing('LastModifiedTime')`. Throws ERR_INVALID_ARGUMENT for an invalid date.
 *
 * @example
 * const recent = users.filter(modifiedSince(new Date(Date.now() - 7 * 24 * 60 * 60 * 1000)));
 */
export function modifiedSince(
  time: Date,
): (item: { readonly LastModifiedTime?: Date | undefined }) => boolean {
  if (!(time instanceof Date) || Number.isNaN(time.getTime()))
    throw invalidArgument('time', 'a valid Date', time);
  // Copied: a date can be changed later.
  const since = time.getTime();
  return ({ LastModifiedTime }) => LastModifiedTime !== undefined && LastModifiedTime.getTime() >= since;
}
