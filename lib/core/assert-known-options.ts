import { invalidArgument, PageturnError } from './errors.js';

/**
 * Throws ERR_INVALID_ARGUMENT for options that are not an object, or are a list or a Map, of which no member would be
 * read; and for an unknown name: it may be a misspelt one.
 */
export function assertKnownOptions(what: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Symbol.iterator in options)
    throw invalidArgument(what, 'an object', options);
  const unknownName = Object.keys(options).find((name) => !known.includes(name));
  if (unknownName !== undefined) {
    throw new PageturnError(
      'ERR_INVALID_ARGUMENT',
      `unknown option ${JSON.stringify(unknownName)} in ${what}; known are ${known.join(', ')}`,
    );
  }
}
