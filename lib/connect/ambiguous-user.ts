import { PageturnError } from '../core/errors.js';

/** ERR_AMBIGUOUS_USER for users that have the same name, with their ids. */
export function ambiguousUser(users: readonly { readonly Id?: string | undefined }[]): PageturnError {
  const ids = users.map(({ Id }) => Id ?? '(no id)').join(', ');
  return new PageturnError(
    'ERR_AMBIGUOUS_USER',
    `${users.length} users have this name, apart from case: ${ids}; use the id of the one you mean`,
  );
}
