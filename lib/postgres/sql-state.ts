import { fieldsOf } from '../core/error-fields.js';
import { type Classification, classify } from '../request/classify.js';

/** The SQLSTATE of an error that the server sent; undefined for those of the connection and of the driver. */
export function sqlStateOf(error: unknown): string | undefined {
  const { code, severity } = fieldsOf(error) as { readonly code?: unknown; readonly severity?: unknown };
  return typeof code === 'string' && typeof severity === 'string' ? code : undefined;
}

/** Whether a statement that failed may succeed the next time. */
export function classifyDatabaseError(error: unknown): Classification {
  const state = sqlStateOf(error);
  if (state !== undefined) return { kind: TRANSIENT_STATE.test(state) ? 'transient' : 'final' };
  const { message } = fieldsOf(error);
  if (typeof message === 'string' && LOST_CONNECTION.test(message)) return { kind: 'transient' };
  return classify(error);
}

/**
 * States that pass, by the PostgreSQL manual, appendix A: connections (08), a read-only transaction (25006: the server
 * was the primary until a failover), rollbacks (40001, 40003, 40P01), too many connections (53300), a lock that was not
 * available (55P03), and a server that shuts down, crashed, starts up or ended an idle session (57P01 to 57P03, 57P05).
 */
const TRANSIENT_STATE = /^(08(?!P01)...|25006|40001|40003|40P01|53300|55P03|57P0[1235])$/;

/** What pg 8.23 and pg-pool 3.14 say about a connection that was lost or not made; these errors have no code. */
const LOST_CONNECTION =
  /^(Connection terminated|timeout (expired|exceeded when trying to connect)|Query read timeout|Client has encountered a connection error)/;

/** What a row is refused for: its values (22), a constraint (23), a trigger (P0001), a policy, its size. */
export function isAboutRows(state: string): boolean {
  return /^(21|22|23|44|P0)...$|^(42501|42804|54000|54001)$/.test(state);
}

/** What a state means and what to do, where the general advice is not enough. */
export function adviceFor(state: string | undefined): readonly [meaning: string, advice: string] | undefined {
  return state === undefined ? undefined : ADVICE[state];
}

const ADVICE: Readonly<Record<string, readonly [string, string]>> = {
  '25006': ['the server is read-only', 'connect to the primary'],
  '28000': ['the server refused the login', 'check the user and the password of the pool'],
  '28P01': ['the server refused the login', 'check the user and the password of the pool'],
  '3D000': ['the database does not exist', 'check the database of the pool'],
  '3F000': ['the schema does not exist', 'create it, or name another one'],
  '42501': [
    'the role has no privilege for it',
    'grant it select, insert and update, and delete for removeUnseen',
  ],
  '53100': ['the disk of the server is full', 'make room and run the same drain again to resume'],
  '53300': ['the server has too many connections', 'close some, or raise max_connections'],
  '53200': ['the server is out of memory', 'use a smaller batch and run the same drain again to resume'],
  '55P03': ['another session holds a lock that it needs', 'end that session, or wait until it is done'],
  '57014': ['the statement was cancelled', 'raise its statement_timeout, or use a smaller batch'],
};

/** What a row was refused for, by state or by the class of states. */
export function refusalOf(state: string): string {
  return REFUSALS[state] ?? REFUSALS[state.slice(0, 2)] ?? 'is refused';
}

const REFUSALS: Readonly<Record<string, string>> = {
  '22': 'has a value that does not fit the type',
  '22001': 'has a text that is too long',
  '22003': 'has a number that is out of range',
  '22007': 'has a text that is not a date',
  '22008': 'has a date that is out of range',
  '22P05': 'has a character that the database cannot store in its encoding',
  '23': 'violates a constraint',
  '23502': 'has no value, and one is required',
  '23503': 'refers to a row that does not exist',
  '23505': 'repeats a value that must be unique',
  '23514': 'violates a check',
  '23P01': 'violates an exclusion constraint',
  '42501': 'is refused by a policy, or the role lacks a privilege',
  '44': 'violates the check of a view',
  P0: 'is refused by a trigger',
  '54': 'is too large',
};
