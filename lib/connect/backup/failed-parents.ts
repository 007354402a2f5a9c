import { fieldsOf } from '../../core/error-fields.js';
import { PageturnError } from '../../core/errors.js';
import { areCredentialsRefused } from '../../core/is-credential-error.js';

/** The parents of a list that could not be read, in all runs, as the page token keeps them. */
export interface FailedParents {
  readonly count: number;
  /** The first of them, each with the name of the error. */
  readonly first: readonly (readonly [id: string, error: string])[];
}

export const NO_FAILURES: FailedParents = { count: 0, first: [] };

/** More would fit neither into a readable line nor into a token. */
const MOST_NAMED = 5;

/** The failures with one more. */
export function withFailure({ count, first }: FailedParents, id: string, error: unknown): FailedParents {
  return {
    count: count + 1,
    first: first.length < MOST_NAMED ? [...first, [id, nameOf(error)]] : first,
  };
}

/**
 * Whether the service refuses a request for what it is about, such as a queue that only some may read, and not for what
 * every request would meet: an outage, a throttle, or refused credentials.
 */
export function isOfParent(error: unknown): boolean {
  if (!(error instanceof PageturnError) || error.code !== 'ERR_REQUEST_FAILED') return false;
  const { $metadata } = fieldsOf(error.cause);
  const status = Number(fieldsOf($metadata)['httpStatusCode']);
  return status >= 400 && status < 500 && !areCredentialsRefused(error.cause);
}

/** ERR_LISTING_INCOMPLETE for the parents that failed or have no id, of all there are. */
export function parentsFailed(
  { count, first }: FailedParents,
  { all, withoutId, noun }: { readonly all: number; readonly withoutId: number; readonly noun: string },
): PageturnError {
  const named = first.map(([id, error]) => `${id} (${error})`);
  const more = count > first.length ? ` and ${count - first.length} more` : '';
  const nameless = withoutId > 0 ? [`${withoutId} without an id`] : [];
  const parents = [...(count > 0 ? [`${named.join(', ')}${more}`] : []), ...nameless].join('; ');
  return new PageturnError(
    'ERR_LISTING_INCOMPLETE',
    `those of ${count + withoutId} of ${all} ${noun} could not be read: ${parents}`,
  );
}

function nameOf(error: unknown): string {
  const { name } = fieldsOf(error instanceof PageturnError ? error.cause : error);
  return typeof name === 'string' ? name : 'Error';
}
