import { asObject, type Parser, parseString } from './conditions.js';
import { invalidParameter } from './service-error.js';

/** The values of a field that a StringCondition can name. */
export type TextOf<T> = (item: T) => readonly string[];

/**
 * Parses a StringCondition; `fieldOf` has the fields that it may name, in lower case. Comparisons ignore case (an
 * assumption).
 */
export function stringCondition<T>(fieldOf: (name: string) => TextOf<T> | undefined): Parser<T> {
  return (value, path) => {
    const { FieldName, Value, ComparisonType } = asObject(value, path);
    const textsOf = fieldOf(parseString(FieldName, `${path}.FieldName`).toLowerCase());
    if (!textsOf) throw invalidParameter(`${path}.FieldName is not a field that can be searched`);
    const wanted = parseString(Value, `${path}.Value`).toLowerCase();
    const comparison = parseString(ComparisonType, `${path}.ComparisonType`);
    const compare = COMPARISONS.get(comparison);
    if (!compare)
      throw invalidParameter(`${path}.ComparisonType must be one of ${[...COMPARISONS.keys()].join(', ')}`);
    if (comparison === 'CONTAINS' && (wanted.length < 2 || wanted.length > 25)) {
      throw invalidParameter(`${path}.Value must have 2 to 25 characters for CONTAINS`);
    }
    return (item) => textsOf(item).some((text) => compare(text.toLowerCase(), wanted));
  };
}

const COMPARISONS = new Map<string, (text: string, wanted: string) => boolean>([
  ['EXACT', (text, wanted) => text === wanted],
  ['STARTS_WITH', (text, wanted) => text.startsWith(wanted)],
  ['CONTAINS', (text, wanted) => text.includes(wanted)],
]);
