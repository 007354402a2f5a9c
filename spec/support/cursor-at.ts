import { type Cursor, queryOf } from '../../lib/core/cursor.js';

/** A cursor of a listing, told apart from others by its offset. */
export function cursorAt(offset: number, more: Partial<Cursor> = {}): Cursor {
  return { version: 1, token: 'page-2', offset, query: queryOf('ListUsers', { InstanceId: 'i-1' }), ...more };
}
