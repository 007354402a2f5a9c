import { assertResumable, Cursor, type Query } from '../../core/cursor.js';
import { PageturnError } from '../../core/errors.js';

interface SavedCursorOptions {
  /** The job that wants to resume: its query, and its operators. */
  readonly query: Query;
  readonly chain: readonly string[];
  /** Where the cursor was saved, and how to start over, for the message of a refusal. */
  readonly where: string;
  readonly startOver: string;
}

/** Reads the cursor that the last run of a job saved; one of another job is refused with a message that says where. */
export function readSavedCursor(
  saved: unknown,
  { query, chain, where, startOver }: SavedCursorOptions,
): Cursor {
  try {
    const cursor = Cursor.parse(saved, query);
    assertResumable(cursor, { chain, isSameJob: true });
    return cursor;
  } catch (error) {
    if (!(error instanceof PageturnError)) throw error;
    // Its own advice, after the semicolon, is for a cursor that the caller holds.
    const [what] = error.message.split('; ');
    throw new PageturnError(
      error.code,
      `cannot resume ${where}: ${what}; run the job it was made for, or ${startOver}`,
      { cause: error },
    );
  }
}
