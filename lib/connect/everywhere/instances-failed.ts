import { fieldsOf } from '../../core/error-fields.js';
import { errorName } from '../../core/error-name.js';
import { PageturnError } from '../../core/errors.js';
import type { InstanceOrigin } from './instance-origin.js';

/** An instance that could not be listed to its end, or a client whose instances could not be listed, and why. */
export interface InstanceFailure extends Partial<InstanceOrigin> {
  readonly error: unknown;
}

/** ERR_LISTING_INCOMPLETE for the instances that failed, whose errors are in the cause: an AggregateError. */
export function instancesFailed(failures: readonly InstanceFailure[], instances: number): PageturnError {
  const named = failures.slice(0, MOST_NAMED).map(describe).join(', ');
  const more = failures.length > MOST_NAMED ? ` and ${failures.length - MOST_NAMED} more` : '';
  const all = instances === 1 ? '1 instance' : `${instances} instances`;
  const verb = failures.length === 1 ? 'was' : 'were';
  return new PageturnError(
    'ERR_LISTING_INCOMPLETE',
    `${failures.length} of ${all} ${verb} not listed to the end: ${named}${more}; fix the cause and resume, which lists only what is missing`,
    { cause: new AggregateError(failures.map(({ error }) => error)) },
  );
}

/** As many as can be read in one line. */
const MOST_NAMED = 5;

function describe({ InstanceId, InstanceAlias, Region, error }: InstanceFailure): string {
  const name = InstanceAlias ?? InstanceId ?? 'the instances';
  return `${name}${Region === undefined ? '' : ` in ${Region}`} (${reasonOf(error)})`;
}

/** The name of the service's error, if there is one, because the codes of pageturn are about the traversal. */
function reasonOf(error: unknown): string {
  if (!(error instanceof PageturnError)) return errorName(error);
  const { name } = fieldsOf(error.cause);
  return typeof name === 'string' && name !== 'Error' ? name : error.code;
}
