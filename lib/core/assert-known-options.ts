import { invalidArgument, PageturnError } from './errors.js';

/** Refuses options that are no object, or have a name that is not known: a misspelt option would be ignored in silence. */
export function assertKnownOptions(what: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) throw invalidArgument(what, 'an object', options);
  const stranger = Object.keys(options).find((name) => !known.includes(name));
  if (stranger !== undefined) {
    throw new PageturnError(
      'ERR_INVALID_ARGUMENT',
      `unknown option ${JSON.stringify(stranger)} in ${what}; known are ${known.join(', ')}`,
    );
  }
}
