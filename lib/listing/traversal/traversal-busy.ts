import { PageturnError } from '../../core/errors.js';

/** ERR_TRAVERSAL_BUSY: two consumers would each get a part of the items. */
export function traversalBusy(): PageturnError {
  return new PageturnError(
    'ERR_TRAVERSAL_BUSY',
    'this traversal has a consumer already; open() another one for the second',
  );
}
