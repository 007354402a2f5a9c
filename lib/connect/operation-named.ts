import type { ConnectOperation } from './connect-operation.js';
import { operations } from './operations.js';

/** The paged operation with a name; undefined if there is none, or it is newer than the table. */
export function operationNamed(name: string): ConnectOperation | undefined {
  return table[name];
}

const table: Readonly<Record<string, ConnectOperation | undefined>> = operations;
