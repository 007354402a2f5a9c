import { PageturnError } from './errors.js';

/** The error of a write by a run that is no longer the newest one of its destination. */
export function fencedError(target: string): PageturnError {
  return new PageturnError(
    'ERR_DESTINATION_FENCED',
    `another run has taken over ${target}; let that one finish`,
  );
}
