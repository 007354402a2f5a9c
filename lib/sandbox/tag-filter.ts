import {
  asObject,
  every,
  type Parser,
  type Parsers,
  type Predicate,
  parseAll,
  parseFields,
  parseList,
  parseString,
  some,
} from './conditions.js';

export interface Tagged {
  readonly Tags?: Readonly<Record<string, string>>;
}

/** A ControlPlaneTagFilter: OrConditions is a list of lists, of which one must match whole. */
export function tagFilter(value: unknown, path: string): Predicate<Tagged> {
  return every(parseFields(value, path, TAG_FILTER));
}

/** A ControlPlaneAttributeFilter or one like it; `more` are the conditions it has besides tags. */
export function attributeFilter<T extends Tagged>(more: Parsers<T> = {}): Parser<T> {
  const together: Parsers<T> = { TagConditions: allTags, ...more };
  const filter: Parsers<T> = {
    OrConditions: (value, path) => some(parseAll(value, path, together)),
    AndCondition: (value, path) => every(parseFields(value, path, together)),
    TagCondition: tag,
    ...more,
  };
  return (value, path) => every(parseFields(value, path, filter));
}

const TAG_FILTER: Parsers<Tagged> = {
  TagCondition: tag,
  AndConditions: allTags,
  OrConditions: (value, path) => some(parseList(value, path).map(([tags, at]) => allTags(tags, at))),
};

function allTags(value: unknown, path: string): Predicate<Tagged> {
  return every(parseList(value, path).map(([one, at]) => tag(one, at)));
}

function tag(value: unknown, path: string): Predicate<Tagged> {
  const { TagKey, TagValue } = asObject(value, path);
  const key = parseString(TagKey, `${path}.TagKey`);
  return ({ Tags = {} }) => Object.hasOwn(Tags, key) && (TagValue === undefined || Tags[key] === TagValue);
}
