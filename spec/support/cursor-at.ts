import type { Cursor } from '../../lib/core/cursor.js';
import { queryOf } from '../../lib/core/query-of.js';

/** A cursor that its offset distinguishes from others. */
export function cursorAt(offset: number, more: Partial<Cursor> = {}): Cursor {
  return { version: 2, token: 'page-2', offset, query: queryOf('ListUsers', { InstanceId: 'i-1' }), ...more };
}
