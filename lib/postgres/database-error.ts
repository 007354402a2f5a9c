import { PageturnError } from '../core/errors.js';
import { adviceFor, sqlStateOf } from './sql-state.js';

/** ERR_DESTINATION_FAILED for work that was given up; `what` says what could not be done. */
export function databaseError(what: string, error: unknown): PageturnError {
  if (!(error instanceof PageturnError)) return failed(what, error, undefined);
  const { code, cause, attempts } = error;
  if (code === 'ERR_REQUEST_FAILED') return failed(what, cause, attempts);
  if (code !== 'ERR_RETRY_EXHAUSTED') return error;
  const known = adviceFor(sqlStateOf(cause));
  const meaning = known ? `: ${known[0]}` : '';
  const advice = known?.[1] ?? 'wait until the database works';
  return new PageturnError(
    'ERR_DESTINATION_FAILED',
    `${what}: gave up after ${attempts} attempts (${nameOf(cause)}${meaning}); ${advice}, and run the same drain again to resume`,
    { cause, attempts },
  );
}

function failed(what: string, cause: unknown, attempts: number | undefined): PageturnError {
  const [meaning, advice] = adviceFor(sqlStateOf(cause)) ?? [
    'it failed',
    'fix the cause and run the same drain again to resume',
  ];
  return new PageturnError('ERR_DESTINATION_FAILED', `${what}: ${meaning} (${nameOf(cause)}); ${advice}`, {
    cause,
    attempts,
  });
}

/** Never the message of an error: it may contain what is in a row. */
function nameOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown };
  return String(code ?? (name === 'Error' ? 'the connection was lost' : (name ?? typeof error)));
}
