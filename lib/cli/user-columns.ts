import type { UserSummary } from '@aws-sdk/client-connect';
import type { Column } from './output/table.js';

/** The columns of a user, found in a record by `userOf`. The name goes last: its length is anybody's guess. */
export function userColumns<T>(userOf: (record: T) => UserSummary): readonly Column<T>[] {
  return [
    { title: 'ID', width: 36, value: (record) => userOf(record).Id ?? '' },
    { title: 'LAST MODIFIED', width: 20, value: (record) => formatTime(userOf(record).LastModifiedTime) },
    { title: 'USERNAME', value: (record) => userOf(record).Username ?? '' },
  ];
}

function formatTime(time: Date | undefined): string {
  return time === undefined ? '' : time.toISOString().replace(/\.\d+Z$/, 'Z');
}
