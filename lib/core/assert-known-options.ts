import { invalidArgument, PageturnError } from './errors.js';
import { ifReadable } from './if-readable.js';
import { quoted } from './quoted.js';

/**
 * Throws ERR_INVALID_ARGUMENT for options that are not an object, or one whose members would be ignored, such as a list, a
 * promise or a signal; and for an unknown name, which may be misspelt.
 */
export function assertKnownOptions(what: string, options: unknown, known: readonly string[]): void {
  assertObject(what, options);
  const unknownName = Object.keys(options).find((name) => !known.includes(name));
  if (unknownName !== undefined) {
    throw new PageturnError(
      'ERR_INVALID_ARGUMENT',
      `unknown option ${quoted(unknownName)} in ${what}; known are ${known.join(', ')}`,
    );
  }
}

/** Throws ERR_INVALID_ARGUMENT for what is not an object, or is one whose members would be ignored. */
export function assertObject(what: string, value: unknown): asserts value is object {
  if (typeof value !== 'object' || value === null || !ifReadable(() => hasMembers(value)))
    throw invalidArgument(what, 'an object', value);
}

/** Whether members of the object itself could be options: not those of a list, a promise or a signal. */
function hasMembers(options: object): boolean {
  // A module has no prototype, so what it exports is all it has.
  return (
    Object.getPrototypeOf(options) === null || Object.prototype.toString.call(options) === '[object Object]'
  );
}
