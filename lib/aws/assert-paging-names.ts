import { invalidArgument } from '../core/errors.js';

type Kind = readonly [expected: string, isValid: (value: unknown) => boolean];

const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isFunction = (value: unknown): boolean => typeof value === 'function';

const KINDS: Readonly<Record<string, Kind>> = {
  items: ['a path, or a function of the output', (value) => isText(value) || isFunction(value)],
  token: ['the name of a member, or a list of them', (value) => isText(value) || isTexts(value)],
  next: [
    'a path, a list of paths, or a function of the output',
    (value) => isText(value) || isTexts(value) || isFunction(value),
  ],
  more: ['a path', isText],
  pageSizeKey: ['the name of a member', isText],
  firstPageOnly: ['a list of names of members', isTexts],
};

/** Throws ERR_INVALID_ARGUMENT for a name of another type than it can have, whatever the schema says. */
export function assertPagingNames(names: object): void {
  for (const [name, [expected, isValid]] of Object.entries(KINDS)) {
    const value = (names as Readonly<Record<string, unknown>>)[name];
    if (value !== undefined && !isValid(value)) throw invalidArgument(name, expected, value);
  }
}
