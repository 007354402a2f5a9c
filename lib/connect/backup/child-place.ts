import { PageturnError } from '../../core/errors.js';
import { type FailedParents, NO_FAILURES } from './failed-parents.js';

/** How far the lists of all parents are read, as the page token has it. */
export interface ChildPlace {
  /** The place of the parent among all. */
  readonly parent: number;
  /** The token of its list. */
  readonly token?: string | undefined;
  /** Those before it, and perhaps it. */
  readonly failed: FailedParents;
}

/** Throws ERR_CURSOR_MISMATCH for anything but what {@link writePlace} makes. */
export function readPlace(token: string | undefined): ChildPlace {
  if (token === undefined) return { parent: 0, failed: NO_FAILURES };
  const place: Partial<ChildPlace> = parse(token);
  const { parent, failed = NO_FAILURES } = place;
  if (typeof parent === 'number' && Array.isArray(failed.first)) return { ...place, parent, failed };
  throw new PageturnError(
    'ERR_CURSOR_MISMATCH',
    'the cursor is damaged: its token does not say which parents were read; start over without it',
  );
}

export function writePlace({ parent, token, failed }: ChildPlace): string {
  return JSON.stringify({ parent, token, ...(failed.count > 0 && { failed }) });
}

function parse(token: string): object {
  try {
    return Object(JSON.parse(token));
  } catch {
    return {};
  }
}
