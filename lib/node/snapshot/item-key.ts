import { invalidArgument } from '../../core/errors.js';

/** A function that gives the key of an item and refuses what is none: items without one would pass for one another. */
export function checkedKey<T>(key: (item: T) => string): (item: T) => string {
  return (item) => {
    const value: unknown = key(item);
    if (typeof value !== 'string' || value === '') {
      const what = 'what key returns for an item (by default its Id, Arn, id or arn)';
      throw invalidArgument(what, 'a string that is not empty', value);
    }
    return value;
  };
}

/** The identity services give an item: its Id, Arn, id or arn, the first it has. */
export function defaultKey(item: unknown): string {
  const { Id, Arn, id, arn } = Object(item) as Record<'Id' | 'Arn' | 'id' | 'arn', string>;
  return Id ?? Arn ?? id ?? arn;
}
