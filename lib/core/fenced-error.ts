import { PageturnError } from './errors.js';

/** The error of a write by a run that is no longer the newest one of its destination. */
export function fencedError(target: string): PageturnError {
  return new PageturnError(
    'ERR_DESTINATION_FENCED',
    `another run has taken over ${target}; let that one finish`,
  );
}

/** The error of an opening by a run whose lease another process has by now. */
export function leaseFencedError(target: string): PageturnError {
  return new PageturnError(
    'ERR_DESTINATION_FENCED',
    `a run with a newer lease has opened ${target}; let that one finish, or delete its position if its tokens come from elsewhere`,
  );
}
