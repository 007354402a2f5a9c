import { invalidArgument } from '../../core/errors.js';
import { glob } from '../../core/glob.js';

/**
 * A filter for users whose name matches a pattern, in which `*` is any text and `?` any character. Case is ignored, as in
 * the command line's `--filter`. A user without a name does not match. Throws ERR_INVALID_ARGUMENT for an empty pattern.
 *
 * @example
 * const acme = users.filter(usernameMatches('*@acme.com'));
 */
export function usernameMatches(
  pattern: string,
): (user: { readonly Username?: string | undefined }) => boolean {
  if (typeof pattern !== 'string' || pattern === '')
    throw invalidArgument('pattern', "a pattern such as '*@acme.com'", pattern);
  const matches = glob(pattern);
  return ({ Username }) => Username !== undefined && matches(Username);
}
