import { invalidArgument } from '../errors.js';

/** A function that gives the key of an item and refuses what is none: items without one would pass for one another. */
export function checkedKey<T>(key: (item: T) => string): (item: T) => string {
  return (item) => {
    const value: unknown = key(item);
    if (typeof value !== 'string' || value === '') {
      throw invalidArgument('what key returns for an item', 'a string that is not empty', value);
    }
    return value;
  };
}

/** The identity services give an item: its Id, else its Arn, else its id. */
export function defaultKey(item: unknown): string {
  const { Id, Arn, id } = Object(item) as Record<'Id' | 'Arn' | 'id', string>;
  return Id ?? Arn ?? id;
}
